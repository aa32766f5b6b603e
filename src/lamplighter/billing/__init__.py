"""Bills: cycles and their windows, drafts, issued bills with frozen segments, corrections, late charges, invoices.

A frozen segment is never edited: it is cancelled by a second entry and billed again. It keeps everything that it was
computed from - tariff text, facts, determinants, interval revision - so that it can be recomputed to the cent.
"""
