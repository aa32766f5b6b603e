"""Marisol Bay Power, the demo utility: its people, places, rates, weather and a year of life. Everyone is invented.

The city is planned from a day and a seed alone (`plan`), so that the same day always gives the same city; then it is
built (`build`) through the same operations as real work. Nothing but the command line and tests knows it.
"""

BUILT = "town.build"
"""The kind of the run that built the city."""
