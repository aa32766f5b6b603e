"""The desk's letters: written from templates, printed in batches, proved as mailed, and kept when they come back."""
