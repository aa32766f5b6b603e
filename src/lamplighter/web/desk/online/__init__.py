"""What customers meet from afar: their sign-in, payments that they tried, and the pages as they see them."""
