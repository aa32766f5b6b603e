"""What happens when a bill is not paid: who may be collected from, by which steps, and when power may be turned off.

Words: a *pack* is the law of one jurisdiction as parameters, each with its citation. A *hold* protects an account for
a period. A *certificate* says, for one reason at one instant, whether a service may be turned off, and keeps all that
it read; nothing is turned off without one. An *arrangement* moves a debt to an agreement of its own, asked for in
instalments; an *extension* is a promised day. A *process* is a run of dated steps that ends when the debt does.
Promises: a certificate never changes; what is not known, or is known from too long ago, means no.
"""
