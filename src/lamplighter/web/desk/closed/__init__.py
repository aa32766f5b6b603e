"""Accounts without service that owe: letters, write-off, agencies, and what comes back."""
