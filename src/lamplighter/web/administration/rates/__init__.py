"""The rate book: schedules, their versions as text with their worked bills, drafting, proposing."""
