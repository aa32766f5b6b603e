"""Issued bills as PDFs, read from the database and compiled; beside them a bare page by the same compiler."""

from __future__ import annotations

from pathlib import Path

import typst

from lamplighter.benchmarks import utility
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import NotHere, Timing, seconds
from lamplighter.billing.documents.compiler import FONTS, CannotCompile, Order, compile_bill
from lamplighter.billing.documents.content import content
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading import views
from lamplighter.platform.processes import processes

BARE = '#set document(title: "Bare")\nPage #sys.inputs.number.'  # each another one: Typst keeps what it compiled
PAGES, AT_ONCE = 50, 50


def pdf(size: Size, folder: Path) -> Timing:
    """One compiler a process; the first bill of each, which loads fonts and template, is not counted."""
    utility.billed(size)
    chosen = list(Bill.objects.order_by("pk").values_list("pk", flat=True)[: size.sample])
    try:
        _print(chosen[:1])
    except CannotCompile as refused:
        raise NotHere(str(refused)) from refused
    took = _by_several(chosen, size.processes) if size.processes > 1 else seconds(lambda: _print(chosen))
    (folder / "bare.typ").write_text(BARE)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(str(folder / "bare.typ"), font_paths=fonts)
    compiler.compile(format="pdf", sys_inputs={"number": "0"}, pdf_standards=["ua-1"])
    bare = seconds(lambda: _compile_each(compiler))
    return Timing(
        len(chosen) / took,
        PAGES / bare,
        f"{len(chosen):,} bills of two pages, read {AT_ONCE} at a time and compiled by {size.processes} processes",
    )


def _by_several(bills: list[int], count: int) -> float:
    """Each process reads bills and compiles them."""
    with processes(count) as pool:
        list(pool.map(_print, [bills[n : n + 1] for n in range(count * 4)]))
        shares = [bills[first : first + AT_ONCE] for first in range(0, len(bills), AT_ONCE)]
        return seconds(lambda: list(pool.map(_print, shares)))


def _compile_each(compiler: typst.Compiler) -> None:
    for number in range(1, PAGES + 1):
        compiler.compile(format="pdf", sys_inputs={"number": str(number)}, pdf_standards=["ua-1"])


def _print(bills: list[int]) -> None:
    for begin in range(0, len(bills), AT_ONCE):
        for view in views(bills[begin : begin + AT_ONCE]):
            assert compile_bill(Order(content(view), view.issued_on)).pdf
