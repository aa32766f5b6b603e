"""Second-person approval: what waits, what exactly would be done, yes or no with a reason."""
