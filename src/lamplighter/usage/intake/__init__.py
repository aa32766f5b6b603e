"""How readings of a file become readings of channels, and what they then are worth: plain values and arrays.

A file is matched (whose channel is this?), converted (exactly, or not at all), laid on local days, merged with what is
stored, judged, and its gaps are estimated. Nothing here asks or changes the database. See docs/algorithms/import.md.
"""
