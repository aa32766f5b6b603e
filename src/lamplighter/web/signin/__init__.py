"""Signing in: password with second factor, passkeys, and the demo's one click."""
