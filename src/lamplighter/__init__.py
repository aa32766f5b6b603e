"""Lamplighter: the whole customer side of a public power utility, in one program."""

__version__ = "0.1.0"
