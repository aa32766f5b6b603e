"""Where gateways tell what happened outside: calls and texts. Open to all, and believed only with a signature."""
