"""Places: premises with their address and tax jurisdiction, and the service points at which service is delivered."""
