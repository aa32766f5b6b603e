"""Rules and limits: how much each role may decide."""
