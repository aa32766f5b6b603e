"""The only ways in which traits, opt-outs, campaigns, sign-ups, leads and material requests come to be."""
