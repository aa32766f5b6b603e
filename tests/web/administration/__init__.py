"""Administration's pages."""
