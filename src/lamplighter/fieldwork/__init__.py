"""Who goes where: service orders, the crews that carry them out, their days, and what they found.

Words: an *order* asks for one thing at one service point; its *tasks* are what must be done there. A *visit* is a place
in a crew's half-day; an *appointment* is a visit that a customer was promised. A *report* is what the crew found, sent
once by its own draft id. A *site note* is what every crew must know of a place before the gate: the dog, the code.
States are a strict sequence; each step of it is a row with a who and a when.
"""
