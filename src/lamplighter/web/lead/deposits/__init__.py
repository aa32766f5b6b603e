"""The deposit policy of each class of customers, and how it is set."""
