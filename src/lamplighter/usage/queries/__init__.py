"""Questions about use: batches in, values with coverage out."""
