"""Layouts: how the files of lockboxes and pay stations are read."""
