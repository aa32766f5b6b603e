"""The only ways in which rows of rebates change."""
