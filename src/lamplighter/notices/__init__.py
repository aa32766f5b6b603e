"""Letters, mail and texts: templates in six languages, what was composed for whom, and the proof that it was sent.

Words: a *template* has versions; a version is drafted by one person and adopted by another. A *wording* is its text in
one language, in *blocks*. A *notice* is what was composed from one version for one recipient. A *delivery* is one dated
step on its way (queued, handed over, delivered, bounced, returned): the proof on which every notice clock stands.
Promises: sent words are never altered, only erased by retention; deliveries are never changed; languages never mix on
a sheet.
"""
