"""What the adviser's page reads from its address, and how it shows an answer."""
