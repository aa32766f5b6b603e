"""What one learns, and its questions."""
