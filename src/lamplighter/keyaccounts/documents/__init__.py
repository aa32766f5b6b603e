"""Papers for a customer, built from its own data: a slide deck to present and change, the same as PDF, and a letter."""
