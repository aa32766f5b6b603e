"""Programs that keep power affordable: who may have them, who has them, and what they cost.

Words: a *program* puts a discount or an allowance on an agreement by stating the fact that its rate asks for. *Terms*
are a program's rules for a period; the *guideline* is the income table that they refer to. An *application* is what a
household said and showed; its *decision* follows the terms of the day. An *enrollment* is a period with its basis; it
ends by itself unless it is *recertified*. A *sample* is drawn by a seed, so that anybody can draw it again.
Promises: every decision keeps its reasons; what a household said can be erased, that it was decided can't.
"""
