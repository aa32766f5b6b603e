"""The desk's bills on paper: what has to be printed, jobs of the print shop with their proofs, and what came back."""
