"""Backing up and restoring, as the command line tells it: what is copied in which order, with progress and proof."""
