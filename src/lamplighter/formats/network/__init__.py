"""What a meter network and a utility tell each other: one set of messages, and the wire formats that carry it."""
