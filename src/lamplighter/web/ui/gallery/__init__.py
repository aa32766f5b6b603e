"""The gallery at /ui/: every part of the interface with its states, on invented figures, for those who build pages."""
