"""The customer service desk's pages, in a town of their own."""
