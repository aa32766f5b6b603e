"""The city's card processor, simulated: hosted page, signed events that come late, twice or not at all."""
