"""What is to do today at one's own desk, and its acts."""
