"""Commands of Django that do here what Django does, and quicker."""
