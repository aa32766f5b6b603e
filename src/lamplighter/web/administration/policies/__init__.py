"""Rules of billing: due days, late charges, how far back a correction reaches."""
