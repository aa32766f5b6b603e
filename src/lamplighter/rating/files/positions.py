"""On which line of a TOML text each key stands, so that a finding can say so.

The standard reader tells values but no places. This scanner walks a text that the reader has accepted, and keeps
nothing but the line of every key, table and element, under its path: `("line", 2, "tier", 0, "price")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
BARE_END = set(" \t\r\n=.#[]{},\"'")
SCALAR_END = set(",]}#\r\n")


def positions(text: str) -> Mapping[Path, int]:
    """1-based line numbers by path, of a text that `tomllib` reads without error."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


def line_of(found: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest table around it that has one; 0 when there is none."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 0)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._skip(newlines=True):
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        many = self.text.startswith("[[", self.at)
        self._step(2 if many else 1)
        path: Path = ()
        keys = self._keys()
        for i, key in enumerate(keys):
            path = (*path, key)
            if many and i == len(keys) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                self.found.setdefault(path, self.line)
                path = (*path, self.counts[path] - 1)
        self.found.setdefault(path, self.line)
        self._step(2 if many else 1)
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, self.line)
        self._step(1)  # the equals sign
        self._skip(newlines=False)
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(newlines=False)
            keys.append(self._string() if self._peek() in "\"'" else self._bare())
            self._skip(newlines=False)
            if self._peek() != ".":
                return keys
            self._step(1)

    def _bare(self) -> str:
        start = self.at
        while self._peek() and self._peek() not in BARE_END:
            self._step(1)
        return self.text[start : self.at]

    def _value(self, path: Path) -> None:
        match self._peek():
            case "[":
                self._array(path)
            case "{":
                self._inline(path)
            case '"' | "'":
                self._string()
            case _:
                while self._peek() and self._peek() not in SCALAR_END:
                    self._step(1)

    def _array(self, path: Path) -> None:
        self._step(1)
        index = 0
        while self._skip(newlines=True) and self._peek() != "]":
            self.found[*path, index] = self.line
            self._value((*path, index))
            index += 1
            self._skip(newlines=True)
            if self._peek() == ",":
                self._step(1)
        self._step(1)

    def _inline(self, path: Path) -> None:
        self._step(1)
        while self._skip(newlines=True) and self._peek() != "}":
            self._pair(path)
            self._skip(newlines=True)
            if self._peek() == ",":
                self._step(1)
        self._step(1)

    def _string(self) -> str:
        """Pass over a string of any of the four kinds; what it says, for quoted keys."""
        quote = self._peek()
        long = self.text.startswith(quote * 3, self.at)
        end = quote * 3 if long else quote
        self._step(len(end))
        start = self.at
        while not self.text.startswith(end, self.at):
            self._step(2 if quote == '"' and self._peek() == "\\" else 1)
        said = self.text[start : self.at]
        self._step(len(end))
        while long and self._peek() == quote:  # a long string may end in quotes of its own
            self._step(1)
        return said

    def _skip(self, *, newlines: bool) -> bool:
        """Over blanks and comments; False at the end of the text."""
        blanks = " \t\r\n" if newlines else " \t"
        while self._peek():
            if newlines and self._peek() == "#":
                while self._peek() and self._peek() != "\n":
                    self._step(1)
            elif self._peek() in blanks:
                self._step(1)
            else:
                return True
        return False

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _step(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count
