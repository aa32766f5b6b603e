"""The law of collection as data: packs of parameters by jurisdiction and day, and how their days are counted."""

from lamplighter.credit.law.packs import PACKS, NoLaw, pack_for

__all__ = ["PACKS", "NoLaw", "pack_for"]
