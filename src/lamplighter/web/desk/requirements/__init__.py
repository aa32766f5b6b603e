"""What we require of our systems: the list with its states, one with its history, and the steps that move it on."""
