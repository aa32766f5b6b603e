"""Questions about commands, switches and meters: what is known now, and since when."""
