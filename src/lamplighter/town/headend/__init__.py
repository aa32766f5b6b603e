"""The city's meter network, simulated: a head-end that speaks the real wire formats and fails like a real one."""
