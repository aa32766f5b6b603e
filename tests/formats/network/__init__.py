"""Wire formats of meter networks."""
