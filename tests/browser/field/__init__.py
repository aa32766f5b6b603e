"""The crew's phone in a real browser."""
