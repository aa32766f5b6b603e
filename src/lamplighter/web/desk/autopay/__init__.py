"""AutoPay at the desk: set up and stopped in the call; and for finance its drafts, files and returns."""
