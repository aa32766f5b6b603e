"""The only ways in which texts are begun, drafted, proposed, adopted and reviewed."""
