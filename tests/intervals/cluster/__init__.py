"""The engine on a cluster of two workers gives what it gives on one machine."""
