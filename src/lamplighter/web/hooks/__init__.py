"""Where gateways tell what happened outside: calls, texts, card payments. Open to all, believed only when signed."""
