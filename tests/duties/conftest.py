"""The duties are played in the desk's town: built once, every test in a transaction of its own."""

from tests.web.desk.conftest import at_desk, built, dana, drawer, morning, number, town

__all__ = ["at_desk", "built", "dana", "drawer", "morning", "number", "town"]
