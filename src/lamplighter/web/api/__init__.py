"""The API: what other programs read and do, each with a key of its own, under the same rules as the desk.

Every address begins with `/api/v1/`. Amounts are whole cents, days are ISO dates, instants carry their offset. Errors
are `{"code": ..., "message": ...}`; the message can be read aloud.
"""
