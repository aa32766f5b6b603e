"""The rate book: schedules, and their dated versions as tested text that two people adopt."""
