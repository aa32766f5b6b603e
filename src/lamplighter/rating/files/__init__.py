"""Tariff files: TOML that a rate analyst reads and writes, with citations, and worked bills as tests inside.

`parse` reads one version of one schedule and returns it with findings that name file and line; `verify` works the
bills in it. The words of the format are in docs/algorithms/tariff-files.md. Pure: texts in, values out.
"""

from lamplighter.rating.files.bills import verify
from lamplighter.rating.files.parse import Parsed, parse

__all__ = ["Parsed", "parse", "verify"]
