"""Refunds on their way: checks to write and print, the bank's files, what came of each, and what nobody claims."""
