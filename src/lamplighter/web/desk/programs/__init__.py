"""Programs at the desk: what an account could have, applications with their papers, who is enrolled until when."""
