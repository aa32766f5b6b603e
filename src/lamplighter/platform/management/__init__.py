"""What `manage.py` would know of this program; it is called through Django alone."""
