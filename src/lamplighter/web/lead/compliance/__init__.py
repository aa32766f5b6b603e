"""The law and policy that the program holds to."""
