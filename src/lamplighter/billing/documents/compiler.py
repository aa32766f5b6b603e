"""Compile bills into tagged PDFs (PDF/UA-1) with one reused Typst compiler a thread; the same content, the same bytes.

A Typst compiler is not thread-safe and does not survive a fork: each thread has its own, worker processes are spawned.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import typst

from lamplighter.billing.documents.type import Missing, settable
from lamplighter.kernel.findings import Finding, Place, Severity

FOLDER = Path(__file__).parent
BILL, GLYPH = FOLDER / "bill.typ", FOLDER / "glyph.typ"
FONTS = FOLDER.parent / "fonts"
CHUNK = 20
EXPECTED, HEAD = "2", 100
"""How many pages nearly every bill has, and how much of a PDF says how many there are: Typst writes that first."""


class CannotCompile(Exception):
    """No bill can be printed here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A PDF, and what could not be shown in it."""

    pdf: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A bill to compile: its content (documents/content.py) and the day that the PDF is dated, its day of issue."""

    content: Mapping[str, Any]
    on: date


def compile_bill(order: Order) -> Compiled:
    """One bill as a PDF. Raises CannotCompile where the fonts are not there."""
    content, missing = settable(order.content, shown_by_fonts)
    data, dated = json.dumps(content, separators=(",", ":")), datetime.combine(order.on, time(), UTC)
    pdf = _bill(dated, data=data, pages=EXPECTED)
    if not pdf[:HEAD].count(b"/Type/Pages/Count %s/" % EXPECTED.encode()):
        pdf = _bill(dated, data=data, pages="")
    return Compiled(pdf, tuple(_finding(one) for one in missing))


def compile_document(template: Path, data: str, *, dated: datetime) -> bytes:
    """Any other document of ours: a Typst template that reads `data` (JSON) from its inputs. Raises CannotCompile."""
    return _compiled(template, dated, sys_inputs={"data": data})


def compile_many(orders: Iterable[Order], *, processes: int) -> Iterator[Compiled]:
    """Many bills over spawned worker processes, in order."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_alone) as pool:
        yield from pool.map(compile_bill, orders, chunksize=CHUNK)


def _bill(dated: datetime, *, data: str, pages: str) -> bytes:
    """What a bill is made of stands in a document of its own, which asks the template for it: what is given by
    `sys.inputs` makes Typst look through its whole library, and read the template, anew for each bill."""
    raw = data.replace("`", r"\u0060")  # nothing else ends raw text; a string would be read letter by letter
    main = f'#import "{BILL.name}": bill\n#bill(json(bytes(`{raw}`.text)), "{pages}")'
    return _compiled(BILL, dated, input=main.encode("ascii"))


def _compiled(template: Path, dated: datetime, **given: Any) -> bytes:
    pdf = _compiler(template).compile(format="pdf", pdf_standards=["ua-1"], timestamp=dated, **given)
    assert isinstance(pdf, bytes)
    return pdf


def _alone() -> None:
    """A worker's compiler keeps to one thread: the processes already use every core."""
    os.environ["RAYON_NUM_THREADS"] = "1"


@lru_cache(maxsize=16_384)
def shown_by_fonts(letter: str) -> bool:
    """Whether some font at hand has a glyph for a letter: PDF/UA refuses text without one."""
    try:
        _compiler(GLYPH).compile(
            format="pdf",
            sys_inputs={"letter": letter},
            pdf_standards=["ua-1"],
            timestamp=datetime(2000, 1, 1, tzinfo=UTC),
        )
    except typst.TypstError:
        return False
    return True


_mine = threading.local()


def _compiler(template: Path) -> typst.Compiler:
    """This thread's compiler of a template."""
    compilers: dict[Path, typst.Compiler] = _mine.__dict__.setdefault("compilers", {})
    if template not in compilers:
        if not any(FONTS.glob("*.ttf")):
            raise CannotCompile(f"The fonts of bills are not in {FONTS.name}/. Run make setup.")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
        compilers[template] = typst.Compiler(str(template), font_paths=fonts)
    return compilers[template]


def _finding(missing: Missing) -> Finding:
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in missing.letters[:8])
    more = f" and {len(missing.letters) - 8} more" if len(missing.letters) > 8 else ""
    return Finding(
        "bill.glyph",
        f"The fonts of bills have no glyph for {codes}{more}; the bill shows � in their place.",
        severity=Severity.WARNING,
        place=Place(field=missing.field),
        remedy="Put a font that has them into billing/fonts before printing this bill.",
    )
