"""Premises and meters: who was served there, what stands there, what it measures."""
