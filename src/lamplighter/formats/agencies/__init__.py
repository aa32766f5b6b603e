"""Files to and from collection agencies: what is placed, paid and recalled; what was recovered, and for what fee."""
