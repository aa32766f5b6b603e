"""The desk's view of the meter network: what is known of a meter, guided checks, commands and head-ends."""
