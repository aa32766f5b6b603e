"""What a checkout needs besides the program: fetching assets and a browser, checking, testing, long runs."""
