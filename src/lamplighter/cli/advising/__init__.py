"""What `lamplighter whatif` opens and prints: loads as curves, tariffs as options, answers as JSON or for people."""
