"""What goes wrong at an interface, and what its vendor does about it.

Words: an *incident* is one fault of one interface, noticed by us or told by a customer. A *ticket* is what the vendor
gets: the fault in words with the failed messages as evidence. Time to fix runs from the report to the fix.
"""
