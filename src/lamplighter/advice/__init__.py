"""What a change at a customer's would do to its own load, bills, peak and carbon: models with assumptions that show.

Pure: no Django, no clock, no database. A page and `lamplighter whatif` ask the same (docs/algorithms/what-if.md).

    KINDS                                  what may be changed, each with its assumptions and their sources
    scenario_of(said) -> Scenario          measures with values, from a file, from words or from a stored row
    answer(question) -> Answer             bills now and then under every rate given, peak, carbon, payback
"""
