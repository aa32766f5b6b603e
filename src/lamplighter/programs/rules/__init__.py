"""Who qualifies, until when, what is missing, and which enrollments are looked into: pure."""
