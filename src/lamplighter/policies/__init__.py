"""Policies of the board and articles of knowledge: dated texts with owners, and the figures that policies govern.

Words: a *text* is a policy or an article; its *versions* are words that never change. A version is in force from the
day of its *adoption*, by a second person, until the next. It names the *parameters* that it governs, and the *changes*
of their figures that come into force with it. A *review* says that a text still holds, and by when it is read again.
Promises: words and adoptions are never altered; what was proposed is what is adopted, or nothing.
"""
