"""What `lamplighter tariff` does: check and explain files, list and show the rate book, draft, propose and adopt."""
