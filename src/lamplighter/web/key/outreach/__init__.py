"""Outreach on the account manager's desk: campaigns, leads, what is known of sites, sign-up sheets and material."""
