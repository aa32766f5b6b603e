"""Cycles are looked for at the end of work that makes many objects."""

import gc
import weakref

import pytest

from lamplighter.platform.collector import collected_at_the_end


class Thing:
    """Refers to itself, so that only who looks for cycles finds that it is gone."""

    def __init__(self):
        self.itself = self


def test_what_refers_to_itself_is_gone_when_the_work_ends():
    with collected_at_the_end():
        thing = weakref.ref(Thing())
        assert thing() is not None
    assert thing() is None


def test_cycles_are_looked_for_again_after_a_fault():
    with pytest.raises(ZeroDivisionError), collected_at_the_end():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()
