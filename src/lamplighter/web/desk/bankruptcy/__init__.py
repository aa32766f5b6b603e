"""Customers in bankruptcy: the petition, the register, a case from step to step, its proof of claim."""
