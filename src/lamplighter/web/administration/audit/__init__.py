"""The audit trail: what happened, who read what is sensitive, and what rows were."""
