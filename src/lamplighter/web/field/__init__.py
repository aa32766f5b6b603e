"""The crew's phone: today's route, what to know first, what was found; it works where there is no signal."""
