"""AEMO's meter data files, read and written: NEM12 (intervals) and NEM13 (registers), MDFF specification 2.x.

Australia's retail market is not ours; the format is a well-specified CSV with a large public corpus.
"""
