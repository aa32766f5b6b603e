"""What must be known before power goes off anywhere: the weather, and who can turn it on again."""
