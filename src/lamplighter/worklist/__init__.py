"""What waits for a person: every matter is a row with an owner, a due time and a why.

Words: an *item* is one matter that waits; its *kind* is declared in code by the context that raises it (which desk,
which permission, by when, what may come of it). Raising the same matter twice gives one open item. Its steps (raised,
taken, released, assigned, finished, dismissed, resolved, reopened) are rows that never change.
"""
