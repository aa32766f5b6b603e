"""Keep Arrow from loading pandas: it does so with the first array that it makes, only to ask whether it was given a
DataFrame, which takes every process a quarter of a second and 55 MB. Nothing here ever gives it one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


class _Absent(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:  # noqa: ARG002
        if fullname == "pandas":
            raise ModuleNotFoundError("Arrow works without it")


def leave_pandas_out() -> None:
    """Arrow looks for pandas once in a process, and now does not find it; others still load it. Where it is loaded
    already, there is nothing to be spared."""
    if "pandas" not in sys.modules:
        absent = _Absent()
        sys.meta_path.insert(0, absent)
        try:
            pa.array([0])
        finally:
            sys.meta_path.remove(absent)
