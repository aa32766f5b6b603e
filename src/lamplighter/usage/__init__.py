"""What was used: meter files imported, interval revisions published, register reads, validation and estimation.

Its words: a *publication* is a revision of the interval store that counts; *raw* is what came in, beside the value
that counts; an *own estimate* is a value of an interval that was never read; an *exception* is a matter about readings
that a person decides; a read is *exact* when it was neither estimated nor put in question.

Its promises: books and interval store cannot disagree after a crash, since a revision counts once PostgreSQL has
published it, and only then. The same readings end in the same values, in whatever order and how often they come.
Missing is never zero: every answer carries its coverage. Only here do service days and instants meet.
"""
