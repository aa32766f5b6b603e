"""Unauthorized use: the cases, places with use and no account, one case with its evidence and steps, and its acts."""
