"""Questions about programs: who may have them, who has them, what they save and what they cost."""
