"""The meter network: what is asked of meters over the air, what came of it, and what was seen at them since.

Words: a *head-end* is the vendor's server that reaches meters. A *command* asks one meter for one act, and ends in
exactly one final state. A *sighting* is what a meter showed at an instant: its switch, power, a read. An *event* is
what it told unasked. **A command's outcome and the state of the switch are two facts**: after a time-out nobody knows
how the switch stands until it is seen again, and what comes late is heard all the same.
"""
