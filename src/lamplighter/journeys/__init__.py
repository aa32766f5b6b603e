"""What crosses contexts, told as the procedure manual tells it: moving in, billing a cycle, taking a payment."""
