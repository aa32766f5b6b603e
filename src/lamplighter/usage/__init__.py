"""What was used: meter files imported, interval revisions published, register reads, validation and estimation.

Books and interval store cannot disagree after a crash: a revision counts once PostgreSQL has published it, and only
then. Missing is never zero: every answer carries its coverage. Only here do service days and instants meet.
"""
