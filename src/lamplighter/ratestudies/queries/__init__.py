"""Questions about rate rules, studies, advice and reviews."""
