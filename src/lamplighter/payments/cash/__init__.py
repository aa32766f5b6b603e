"""What is known of cash without writing: the journal's chain, what drawers should hold, deposits, suspicions."""
