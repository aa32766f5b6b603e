"""Keys of other programs: issued once, seen once, revoked at once."""
