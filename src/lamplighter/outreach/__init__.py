"""Outreach: what we offer, ask and announce on our own accord, to whom, with whose consent, and what came of it.

Words: a *trait* is something known of a customer's site (its business, how it cooks and heats). A *segment* is a query
over what the program knows. A *campaign* writes to a segment; a *target* is one person it wrote to, once; a *reply* is
what they said. A *sign-up* is a place at an event. A *lead* is somebody who may want something, one for each topic.
A *survey* asks by *invitation*; an invitation has one *answer*. An *opt-out* is a person who wants no offers.
An *announcement* tells customers ahead of work on their power or of a change; whoever it was *told* to is told again
when it moves, and a *critical* customer's *confirmation* is noted by hand.
Promises: nobody is written to twice by a campaign, nor after an opt-out; an answer is never altered; groups that are
too small to hide in are not shown.
"""
