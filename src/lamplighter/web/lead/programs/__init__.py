"""Programs as the supervisor sees them: figures against the budget, participation, compliance, samples and terms."""
