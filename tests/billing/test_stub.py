"""The stub of a printed bill: what machines read of it, the scan line and its QR code."""

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.billing.documents.payments import MASK, modules
from lamplighter.billing.queries.reading import view
from tests.billing.test_documents import made, pages


@pytest.fixture
def bill(home):
    return view(home.account.bills.order_by("id").last())


def test_the_code_holds_the_digits_of_the_scan_line(bill):
    code = modules(bill.scan_line)
    assert code["side"] == 21  # version 1: 29 digits with error correction M
    assert code["modules"][:8] == [0] * 7 + [255]
    assert code["modules"][21:29] == [0, 255, 255, 255, 255, 255, 0, 255]
    assert len(code["modules"]) == 21**2


@given(st.text("0123456789", min_size=1, max_size=90))
def test_a_code_put_together_from_its_bits_is_the_code(digits):
    made = segno.make(digits, error="m", mode="numeric", micro=False, mask=MASK)
    light = [255 - 255 * module for row in made.matrix for module in row]
    assert modules(digits) == {"side": len(made.matrix), "modules": light}


def test_a_code_has_four_modules_of_white_paper_on_each_side(bill):
    """ISO/IEC 18004: nothing else is drawn there."""
    page = pages(made(bill))[0]
    drawn = []
    page.extract_text(visitor_operand_before=lambda op, _args, now, _text: drawn.append(now) if op == b"Do" else None)
    ((width, _, _, _, left, below),) = drawn
    module = width / 21
    assert width == pytest.approx(72 * 1.05 * 21 / 29, abs=0.01)
    assert left + width + 4 * module == pytest.approx(72 * 7.75, abs=0.01)  # the right margin
    near = []

    def visit(text, now, matrix, _font, _size):
        x, y = (matrix[4] * now[0] + now[4], matrix[5] * now[3] + now[5])
        if text.strip() and x >= left - 4 * module and below - 4 * module <= y <= below + width + 4 * module:
            near.append(text)

    page.extract_text(visitor_text=visit)
    assert near == []


def test_digits_and_spaces_of_the_scan_line_have_one_width(bill):
    """Machines find its parts by their places."""
    page = pages(made(bill))[0]
    font, parts = next((font, parts) for font, parts in shown(page) if len(spread(parts)) == len(bill.scan_line))
    (descendant,) = page["/Resources"]["/Font"][font]["/DescendantFonts"]
    widths = glyph_widths(descendant["/W"])
    pitches = {round(widths[glyph] - moved) for glyph, moved in spread(parts)[:-1]}
    assert pitches == {700}


def test_a_name_and_its_figure_are_not_read_as_one_word(bill):
    """What is read aloud has only the letters of a line, and no gap between them."""
    lengths = [len(spread(parts)) for _, parts in shown(pages(made(bill))[0])]
    said = ["Account ", bill.account, "Please pay by ", "Nov 26, 2026", "Amount due ", str(bill.amounts.due)]
    assert any(lengths[i : i + len(said)] == [*map(len, said)] for i in range(len(lengths)))


def shown(page):
    """Each shown text with its font, in order."""
    found, fonts = [], []

    def see(op, args, _now, _matrix):
        if op == b"Tf":
            fonts.append(args[0])
        if op in {b"TJ", b"Tj"}:
            found.append((fonts[-1], args[0] if op == b"TJ" else args))

    page.extract_text(visitor_operand_before=see)
    return found


def spread(parts):
    """Each glyph of a shown text, and by how much what follows it is moved to the left."""
    found = []
    for part in parts:
        if isinstance(part, bytes):
            found += [[int.from_bytes(part[i : i + 2], "big"), 0] for i in range(0, len(part), 2)]
        elif not isinstance(part, str):
            found[-1][1] = float(part)
        else:
            raw = part.original_bytes
            found += [[int.from_bytes(raw[i : i + 2], "big"), 0] for i in range(0, len(raw), 2)]
    return found


def glyph_widths(listed):
    widths = {}
    entries = list(listed)
    while entries:
        first, second = entries[0], entries[1]
        if isinstance(second, list):
            widths |= {first + i: float(width) for i, width in enumerate(second)}
            entries = entries[2:]
        else:
            widths |= {glyph: float(entries[2]) for glyph in range(first, second + 1)}
            entries = entries[3:]
    return widths
