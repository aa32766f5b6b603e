"""Fonts for printed documents: the web's compressed slices of a face, joined into the TTF files that Typst reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

# A face by the name that documents ask for: its npm package and its slices there. Add a line for another script.
FACES = {"Public Sans": ("@fontsource/public-sans", ("latin", "latin-ext", "vietnamese"))}
WEIGHTS = {400: "Regular", 600: "SemiBold", 700: "Bold"}
FAMILY, STYLE, UNIQUE, FULL, POSTSCRIPT, FAMILY_OF_ALL, STYLE_OF_ALL = 1, 2, 3, 4, 6, 16, 17


def make(modules: Path, target: Path) -> None:
    """Writes each face in each weight into `target`, with its licence."""
    target.mkdir(parents=True, exist_ok=True)
    for family, (package, slices) in FACES.items():
        plain = family.replace(" ", "")
        name = package.partition("/")[2]
        for weight, style in WEIGHTS.items():
            parts = [modules / package / "files" / f"{name}-{part}-{weight}-normal.woff2" for part in slices]
            _joined(parts, family=family, weight=weight).save(target / f"{plain}-{style}.ttf")
        shutil.copyfile(modules / package / "LICENSE", target / f"{plain}-LICENSE.txt")


def _joined(parts: list[Path], *, family: str, weight: int) -> TTFont:
    """The same bytes whenever it is made: a document is byte for byte what it was."""
    font = Merger().merge([str(part) for part in parts])
    first: Any = TTFont(parts[0])["head"]
    font.recalcTimestamp = False
    font["head"].created, font["head"].modified = first.created, first.modified
    font["OS/2"].usWeightClass = weight
    _name(font["name"], family=family, style=WEIGHTS[weight])
    return font


def _name(names: Any, *, family: str, style: str) -> None:
    """The slices are cut from a variable font and call themselves by its lightest weight."""
    four = style in {"Regular", "Bold"}  # the only styles that the old pair of names knows
    for entry in (FAMILY_OF_ALL, STYLE_OF_ALL):
        names.removeNames(nameID=entry)
    wanted = {
        FAMILY: family if four else f"{family} {style}",
        STYLE: style if four else "Regular",
        UNIQUE: f"{family} {style}",
        FULL: f"{family} {style}",
        POSTSCRIPT: f"{family.replace(' ', '')}-{style}",
    } | ({} if four else {FAMILY_OF_ALL: family, STYLE_OF_ALL: style})
    for entry, text in wanted.items():
        names.removeNames(nameID=entry)
        names.setName(text, entry, 3, 1, 0x409)
