"""Templates of notices: their versions, how each reads in each language, drafting and proposing."""
