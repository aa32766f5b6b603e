"""Questions of policies: what is in force on a day, what is drafted, what is found by words, what governs a figure."""
