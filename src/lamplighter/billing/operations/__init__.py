"""How bills come to be and are corrected: the only writers of billing."""
