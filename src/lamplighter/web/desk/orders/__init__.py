"""Service orders at the desk: raised, booked, followed, cancelled; and the dispatcher's day."""
