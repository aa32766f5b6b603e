"""The bill as a document: its content in words, a Typst template, and the compiler that makes a tagged PDF of both.

No Django here: worker processes compile what the reading queries prepared.
"""
