"""How organisations, touches, steps, issues, contracts and plans come about and change."""
