"""Several people at their desks do the same acts at the same moment."""

from tests.soak.soak_rush import soak


def test_what_several_ask_for_at_once_is_done_once():
    """One round of the long run (tests/soak/soak_rush.py), against a database of its own."""
    assert "Each was done once, and the books hold" in soak(seconds=0, seed=20261121)
