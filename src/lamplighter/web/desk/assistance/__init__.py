"""Assistance agencies: who helps customers pay, what they pledged, and what their checks settled."""
