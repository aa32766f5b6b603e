"""Six slides for PowerPoint, to change by hand: native charts, tables and text on the utility's own template."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from lamplighter.keyaccounts.documents.telling import Section
from lamplighter.keyaccounts.rules import CannotKeep

WIDE, HIGH = Inches(13.333), Inches(7.5)
OPENING, TITLED = "Title Slide", "Title Only"
"""The layouts that a template must have; PowerPoint's own templates call them so."""

MUTED = RGBColor(0x56, 0x5D, 0x68)
ACCENT, FONT, TITLE = "0F5AA6", "Arial", "3200"  # the size of a title in hundredths of a point
FORMATS = {"kWh": "#,##0", "$": '"$"#,##0'}
EDGE = 0.06
"""Of a slide's width: what stays empty on the left and on the right."""
MOST_BYTES, MOST_UNPACKED = 20_000_000, 200_000_000
DAMAGED = (
    PackageNotFoundError, zipfile.BadZipFile, zlib.error, struct.error, etree.LxmlError, LookupError, ValueError,
    AttributeError, TypeError, NotImplementedError, RuntimeError, OSError, EOFError,
)  # fmt: skip
"""What the library says of a package that is none, or is broken somewhere inside."""
LONG, MARGINS = 24, 3
"""In characters of a table: the longest words that need not be broken, and the margins of a cell."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A place on a slide, in English Metric Units."""

    left: int
    top: int
    wide: int
    tall: int

    def part(self, left: float, top: float, wide: float, tall: float) -> _Box:
        """The place within it by shares of its width and height."""
        return _Box(
            self.left + int(self.wide * left), self.top + int(self.tall * top), int(self.wide * wide),
            int(self.tall * tall),
        )  # fmt: skip

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        return Emu(self.left), Emu(self.top), Emu(self.wide), Emu(self.tall)


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the first slide."""

    title: str
    subtitle: str
    foot: str


def deck(cover: Cover, parts: Sequence[Section], *, template: bytes | None = None) -> bytes:
    """A .pptx of a cover and one slide for each section. Without a template of the utility's a plain one is used.

    Raises CannotKeep for a template that can't be used.
    """
    made = opened(template) if template else _plain()
    _opening(made, cover)
    for part in parts:
        _slide(made, part, cover.foot)
    made.core_properties.title, made.core_properties.author = cover.title, cover.foot
    return _written(made.save)


def opened(template: bytes) -> Any:
    """The utility's template without the slides in it. Raises CannotKeep, saying what it lacks."""
    if len(template) > MOST_BYTES:
        raise CannotKeep(f"The template has {len(template) / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} MB are the most.")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as package:
            size = sum(part.file_size for part in package.infolist())
        if size > MOST_UNPACKED:
            raise CannotKeep(
                f"Unpacked the template has {size / 1e6:.0f} MB; {MOST_UNPACKED / 1e6:.0f} MB are the most."
            )
        found = Presentation(io.BytesIO(template))
        names, slides = {layout.name for layout in found.slide_layouts}, len(found.slides)
    except DAMAGED as fault:
        raise CannotKeep("This is no PowerPoint file (.pptx). Save the template as .pptx and send it again.") from fault
    if missing := sorted({OPENING, TITLED} - names):
        raise CannotKeep(
            f"The template has no layout {' and no layout '.join(missing)}; it has {', '.join(sorted(names))}."
        )
    if slides:
        raise CannotKeep(f"The template has {slides} slides in it. Save it without slides.")
    return found


def _plain() -> Any:
    """The library's own template, wide, in our colour and a font that every computer has."""
    base = Presentation()
    stretch = WIDE / base.slide_width
    base.slide_width, base.slide_height = WIDE, HIGH
    for sheet in (base.slide_master, *base.slide_layouts):
        for shape in sheet.placeholders:
            left, top, width, height = shape.left, shape.top, shape.width, shape.height
            shape.left, shape.top, shape.width, shape.height = (
                Emu(int(left * stretch)),
                top,
                Emu(int(width * stretch)),
                height,
            )
    _to_the_left(base)
    return Presentation(_themed(_written(base.save)))


def _to_the_left(base: Any) -> None:
    """Titles as our letters have them: to the left, bold, in our colour."""
    for style in base.slide_master.element.iter(qn("p:titleStyle")):
        for first in style.iter(qn("a:lvl1pPr")):
            first.set("algn", "l")
        for run in style.iter(qn("a:defRPr")):
            run.set("sz", TITLE)
            run.set("b", "1")
            for colour in run.iter(qn("a:schemeClr")):
                colour.set("val", "accent1")
    for shape in base.slide_layouts.get_by_name(OPENING).placeholders:
        if shape.placeholder_format.type in (PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.SUBTITLE):
            shape.left, shape.width = Emu(int(WIDE * EDGE)), Emu(int(WIDE * (1 - 2 * EDGE)))
        for level in shape.element.iter():
            if level.get("algn") == "ctr":
                level.set("algn", "l")


def _themed(package: bytes) -> io.BytesIO:
    """The same package with its theme's first accent and its fonts ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if re.fullmatch(r"ppt/theme/theme\d+\.xml", entry.filename):
                text = re.sub(r'(<a:accent1>\s*<a:srgbClr val=")[0-9A-F]{6}', rf"\g<1>{ACCENT}", content.decode())
                content = re.sub(r'(<a:latin typeface=")[^"]+', rf"\g<1>{FONT}", text).encode()
            new.writestr(entry, content)
    out.seek(0)
    return out


def _written(save: Callable[[IO[bytes]], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def _opening(made: Any, cover: Cover) -> None:
    slide = made.slides.add_slide(made.slide_layouts.get_by_name(OPENING))
    slide.shapes.title.text = cover.title
    if len(slide.placeholders) > 1:
        slide.placeholders[1].text = f"{cover.subtitle}\n{cover.foot.replace(' · ', chr(10), 1)}"


def _slide(made: Any, part: Section, foot: str) -> None:
    """A title, a sentence below it, then a chart, a table, or both side by side."""
    slide = made.slides.add_slide(made.slide_layouts.get_by_name(TITLED))
    whole = _Box(0, 0, made.slide_width, made.slide_height)
    title = slide.shapes.title
    title.text = part.title
    title.left, title.top, title.width, title.height = whole.part(0.06, 0.06, 0.88, 0.12).emu
    below, scale = whole.part(0.06, 0.38, 0.88, 0.50), made.slide_width / WIDE
    _text(slide, part.said, whole.part(0.06, 0.19, 0.88, 0.17), Pt(16 * scale))
    if part.values and part.rows:
        share = 0.62 if len(part.heads) <= 2 else 0.32
        _chart(slide, part, below.part(0, 0, share, 1), Pt(12 * scale))
        _table(slide, part, below.part(share + 0.02, 0, 0.98 - share, 1), Pt(13 * scale))
    elif part.rows:
        _table(slide, part, below, Pt(16 * scale))
    _text(slide, foot, whole.part(0.06, 0.92, 0.88, 0.05), Pt(11 * scale), color=MUTED)


def _text(slide: Any, words: str, box: _Box, size: Any, *, color: RGBColor | None = None) -> None:
    frame = slide.shapes.add_textbox(*box.emu).text_frame
    frame.word_wrap = True
    frame.text = words
    for run in frame.paragraphs[0].runs:
        run.font.size = size
        if color is not None:
            run.font.color.rgb = color


def _chart(slide: Any, part: Section, box: _Box, size: Any) -> None:
    data = CategoryChartData(number_format=FORMATS.get(part.unit, "General"))
    data.categories = part.labels
    data.add_series(part.unit, part.values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box.emu, data)
    frame.name = f"{part.title}, in {part.unit}"
    chart = frame.chart
    chart.has_legend, chart.has_title = False, False
    chart.plots[0].gap_width = 60
    chart.font.size = size
    chart.value_axis.minimum_scale = 0
    labels = chart.value_axis.tick_labels
    labels.number_format, labels.number_format_is_linked = FORMATS.get(part.unit, "General"), False
    chart.value_axis.has_title = True
    chart.value_axis.axis_title.text_frame.text = part.unit
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor(0xC9, 0xCD, 0xD3)


def _table(slide: Any, part: Section, box: _Box, size: Any) -> None:
    rows = [*([part.heads] if any(part.heads) else []), *part.rows]
    tall = min(Inches(0.6), box.tall // len(rows))
    frame = slide.shapes.add_table(len(rows), len(rows[0]), *replace(box, tall=tall * len(rows)).emu)
    frame.name = part.title
    table = frame.table
    table.first_row = any(part.heads)
    for column, share in zip(table.columns, _shares(rows), strict=True):
        column.width = Emu(int(box.wide * share))
    figures = [_figures(column) for column in zip(*part.rows, strict=True)]
    for i, row in enumerate(rows):
        for j, words in enumerate(row):
            cell = table.cell(i, j)
            cell.text, cell.vertical_anchor = words, MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if figures[j] else PP_ALIGN.LEFT
            for run in paragraph.runs:
                run.font.size = size


def _figures(column: Sequence[str]) -> bool:
    """Whether all that a column tells are numbers and money: they stand to the right."""
    return all(not words or words.lstrip("$-").startswith(tuple("0123456789")) for words in column)


def _shares(rows: Sequence[Sequence[str]]) -> list[float]:
    """How wide each column is: by its longest words with the margins of its cells; long names go over two lines."""
    longest = [min(max(map(len, column)), LONG) + MARGINS for column in zip(*rows, strict=True)]
    return [one / sum(longest) for one in longest]
