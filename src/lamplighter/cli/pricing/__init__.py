"""What `lamplighter price` opens and prints: tariff files, loads, and answers as JSON or as a table."""
