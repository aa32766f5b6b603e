"""How the platform's rows come to be: the only writers here."""
