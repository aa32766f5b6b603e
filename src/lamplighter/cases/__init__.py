"""Cases: what people said to us over every channel, what we answered, and what must still be answered.

Words: a *contact* is one telephone call, visit, letter, email or text, in or out; it is *wrapped up* with a reason and
an outcome. A *message* is the text of an email or text, in a thread. A *verification* is which facts a caller knew, for
one contact alone. A *request* is what another department is asked to do by a day.
Promises: a contact is written down once, however often its channel tells of it; what was said is never altered, only
erased by retention; a message that needs an answer is work for a person until somebody gave it.
"""
