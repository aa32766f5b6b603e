"""The customer service desk in a real browser."""
