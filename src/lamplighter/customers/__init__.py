"""People and organisations: names, how to reach them, their language, and who may know what.

Everything personal stands here, in rows that retention can erase; every other context refers to a person by id.
"""
