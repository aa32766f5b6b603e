"""The only writers of rate rules, studies, advice, reviews and moves."""
