"""Open items at the desk: bills with what is open of each, credits that pay none yet, and which paid which."""
