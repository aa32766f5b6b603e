"""NACHA files: 94-character lines in blocks of ten, as US banks exchange ACH payments (Nacha Operating Rules).

`writer` makes files of credits and debits; `reader` takes in what banks send back; `checker` says everything that a
strict receiver would have against a file, written apart from the writer so that each can catch the other.
"""
