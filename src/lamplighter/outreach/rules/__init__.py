"""What outreach reckons without a database: segments in words, groups too small to show, how a line names somebody."""
