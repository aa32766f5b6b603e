"""The desk's page of contacts: who is on the line, who are they, what was said, and what we answered."""
