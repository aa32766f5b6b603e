"""The team's board: queue, goals, and the rows behind each number."""
