"""Questions to credit: what is owed and since when, what protects, what a plan would be, what a certificate reads."""
