"""Image cash letters (ANSI X9.100-187, of X9.37's shape): checks as images, in EBCDIC records behind lengths."""
