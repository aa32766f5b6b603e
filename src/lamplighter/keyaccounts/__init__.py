"""Key accounts: the organisations that managers look after, what was said and promised, and what comes next.

Words: an *organisation* is a customer with many services, or an agency, association, developer or contractor. It is
*assigned* to a manager, and to another as cover. A *tie* is a person's part in it. A *touch* is one call, visit,
meeting or email, noted once; a *step* is what is to be done next, by whom and when. An *issue* has an owner and a
promised day until it is closed; a representative may *hand over* an account's issue with its whole history.
Promises: a touch is never altered; a plan's figures come from meters and bills, never from typing; tiers and health
show their reasons.
"""
