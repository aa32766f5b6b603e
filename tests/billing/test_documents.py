"""The bill as a PDF: two tagged pages that say what the bill says, whatever people are called."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from lamplighter.billing import scanline
from lamplighter.billing.documents import compiler
from lamplighter.billing.documents.compiler import CannotCompile, Order, compile_bill, compile_many
from lamplighter.billing.documents.content import content
from lamplighter.billing.documents.usage import FULL, chart
from lamplighter.billing.documents.words import printable
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_view import Amounts, DayUse, Group, RegisterUse, UseView
from lamplighter.kernel.money import Money
from tests.billing.conftest import NOV_25, OCT_25, factory, hourly

HOA = "Thi Hoa Nguyen"
CAPITALS = 0.72 * 10.5 / 72  # inches from the baseline to the top of a capital


@pytest.fixture
def bill(home):
    return view(home.account.bills.order_by("id").last())


def made(bill):
    return compile_bill(Order(content(bill), bill.issued_on))


def pages(compiled):
    return PdfReader(io.BytesIO(compiled.pdf)).pages


def text_of(compiled):
    return "\n".join(page.extract_text() for page in pages(compiled)).replace("\u200b", "")


def squeezed(text):
    """Without spaces: a line may break anywhere."""
    return "".join(text.split())


def test_two_pages_tagged_and_named(bill):
    compiled = made(bill)
    reader = PdfReader(io.BytesIO(compiled.pdf))
    root = reader.trailer["/Root"]
    assert len(reader.pages) == 2
    assert root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.metadata.title == f"Electric bill {bill.number} for Oct 3 to Nov 3, 2026"
    assert reader.metadata.creation_date.date() == bill.issued_on
    assert b"<pdfuaid:part>1</pdfuaid:part>" in compiled.pdf
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    assert compiled.findings == ()


def tags(node, found):
    """Every structure element's type, with its alternative text."""
    kids = node.get("/K", [])
    for each in kids if isinstance(kids, list) else [kids]:
        kid = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(kid, dict) and "/S" in kid:
            found.append((kid["/S"], str(kid.get("/Alt", ""))))
            tags(kid, found)
    return found


def test_figures_have_words_and_tables_have_heads(bill):
    root = PdfReader(io.BytesIO(made(bill).pdf)).trailer["/Root"]
    found = tags(root["/StructTreeRoot"], [])
    figures = [alt for kind, alt in found if kind == "/Figure"]
    assert figures[0].startswith("Use by day from Oct 3, 2026 to Nov 3, 2026: 466 kWh in all, 14.6 kWh a day.")
    assert figures[1] == f"QR code of the scan line: {bill.scan_line}"
    kinds = [kind for kind, _ in found]
    assert kinds.count("/TH") == 3 + 3 + 2
    assert kinds.index("/H1") < kinds.index("/H2")
    assert {"/Table", "/TR", "/TD"} <= set(kinds)
    assert kinds.count("/Table") == kinds.count("/THead") == 3  # one without a head would say no more than lines


def test_the_first_page_says_what_to_pay_and_why(bill):
    words = pages(made(bill))[0].extract_text()
    for expected in (
        "Amount due", str(bill.amounts.due), "Please pay by Thu, Nov 26", "Marisol Bay Power", HOA,
        bill.account, bill.number, bill.meters[0], "Oct 3 to Nov 3, 2026 (32 days)", "466 kWh", "344 kWh",
        "I am paying", bill.scan_line,
    ):  # fmt: skip
        assert squeezed(expected) in squeezed(words), expected
    assert squeezed(bill.comparison.sentence) in squeezed(words)


def test_the_second_page_shows_every_line_with_its_arithmetic(bill):
    words = squeezed(pages(made(bill))[1].extract_text())
    for line in bill.segments[0].lines:
        assert squeezed(f"{line.label}{line.words}{line.amount}") in words
    for cause in bill.comparison.causes:
        assert squeezed(cause.words) in words
    assert squeezed("(510) 555-0100") in words


def test_the_printed_scan_line_reads_back(bill):
    words = pages(made(bill))[0].extract_text()
    (printed,) = [line for line in words.splitlines() if line.replace(" ", "").isdigit() and len(line) > 29]
    read = scanline.parse(printed)
    assert (read.account, read.amount, read.due_on) == (bill.account, bill.amounts.due, bill.due_on)


def test_the_same_bill_has_the_same_bytes(bill):
    assert made(bill).pdf == made(bill).pdf
    assert made(bill).pdf != made(replace(bill, customer="Another")).pdf


def test_threads_and_spawned_processes_make_the_same_bytes(bill):
    order = Order(content(bill), bill.issued_on)
    expected = compile_bill(order)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(compile_bill, [order] * 4)) == [expected] * 4
    assert list(compile_many([order] * 3, processes=2)) == [expected] * 3


def positions(page, wanted):
    """Inches from the left and the top of each text that is wanted."""
    found = {}

    def visit(text, now, matrix, _font, _size):
        x, y = matrix[4], matrix[5]
        left, up = x * now[0] + y * now[2] + now[4], x * now[1] + y * now[3] + now[5]
        if text.strip() in wanted:
            found.setdefault(text.strip(), (left / 72, 11 - up / 72))

    page.extract_text(visitor_text=visit)
    return found


def test_addresses_lie_in_the_windows_of_the_envelope(bill):
    """Sender 0.5 to 1.29 in, recipient 2.04 to 2.92 in from the top, both 0.5 to 4.0 in from the left."""
    page = pages(made(bill))[0]
    recipient = positions(page, {HOA, *bill.mailing})
    assert len(recipient) == 3
    for left, top in recipient.values():
        assert 0.5 <= left <= 1
        assert top - CAPITALS >= 2.04 + 1 / 16
        assert top <= 2.92
    sender = positions(page, {"Marisol Bay Power", "800 Foundry St, Marisol Bay CA 90555"})
    assert all(0.5 < top < 1.29 and left >= 0.5 for left, top in sender.values())


HOSTILE = [
    "#set page(width: 1pt)", "$x^2$ *bold* _it_ [c] @ref <label>", "back\\slash \\u{41} `raw` // no /* comment",
    '"); #panic("x")', '\\"); #panic("x") //', "#image(\"/etc/passwd\")",
    "Nguyễn Thị Ẩn", "Ελένη Жанна", "O’Brien — “Joe” & Söhne",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_and_never_markup(bill, name):
    compiled = made(replace(bill, customer=name, mailing=(name, "Marisol Bay CA 90555")))
    assert len(pages(compiled)) == 2
    assert squeezed(name) in squeezed(text_of(compiled))
    assert compiled.findings == ()


def test_right_to_left_names_stand_and_turn_nothing_else(bill):
    compiled = made(replace(bill, customer="אברהם \u202eמחמד\u202c 12"))
    words = squeezed(text_of(compiled))
    assert "\u202e" not in text_of(compiled)
    assert squeezed(str(bill.amounts.due)) in words
    assert len(pages(compiled)) == 2


def test_letters_without_a_glyph_are_told_and_the_bill_is_made(bill):
    compiled = made(replace(bill, customer="陳美玲 Chen"))
    (first, *_) = compiled.findings
    assert (first.code, first.place.field) == ("bill.glyph", "customer")
    assert "U+9673" in first.message
    assert "\ufffd\ufffd\ufffd Chen" in text_of(compiled)


def test_a_name_of_any_length_stays_in_its_place(bill):
    long = "W" * 160
    compiled = made(replace(bill, customer=long, mailing=("X" * 120, "Apt " + "9" * 30, "Marisol Bay CA 90555")))
    assert len(pages(compiled)) == 2
    page = pages(compiled)[0]
    assert long in squeezed(text_of(compiled))
    ((_, top),) = positions(page, {"Marisol Bay CA 90555"}).values() or [(0, 0)]
    assert 2.04 < top < 2.92
    ((left, _),) = positions(page, {"What you owe"}).values()
    assert left == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("a\tb\nc\r", "a b c"),
        ("x\u202ey\u200bz\u0000", "xyz"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("no\u00a0break\u2028line", "no break line"),
        ("\ue000\U0010ffff", ""),
        ("A" * 45, f"{'A' * 20}\u200b{'A' * 20}\u200b{'A' * 5}"),
    ],
)
def test_text_is_made_fit_for_type(text, clean):
    assert printable(text) == clean


def test_a_credit_asks_for_nothing(bill):
    credit = replace(bill, amounts=Amounts(Money(-5000), Money(0), Money(0), Money(2000), Money(-3000)))
    words = pages(made(credit))[0].extract_text()
    assert "Your credit" in words
    assert "$30.00" in words
    assert "Nothing to pay" in words
    assert "Please pay by" not in words
    assert "I am paying" not in words


def test_an_estimated_bill_says_so_on_its_first_page(bill):
    (segment,) = bill.segments
    guessed = tuple(replace(day, estimated=day.day.day < 6) for day in segment.use.days)
    marked = replace(segment, estimated=True, use=replace(segment.use, days=guessed))
    compiled = made(replace(bill, segments=(marked,)))
    assert "Part of your use is estimated." in pages(compiled)[0].extract_text()
    drawn = chart(replace(bill, segments=(marked,)))
    assert "6 days are estimated" in drawn["alt"]
    assert [bool(up) for up in drawn["up"]] == [not day.estimated for day in guessed]
    assert [bool(up) for up in drawn["estimated"]] == [day.estimated for day in guessed]


def test_register_reads_take_the_place_of_the_chart(bill):
    (segment,) = bill.segments
    register = RegisterUse(
        "E-1", "kWh dial", OCT_25, 99990, NOV_25, 150, Decimal(2), Decimal(320), "kWh", estimated=True
    )
    read = replace(segment, use=UseView("registers", (), (register,), ("E-1",)))
    words = pages(made(replace(bill, segments=(read,))))[0].extract_text()
    for expected in ("Your meter reads", "99,990 on Oct 3, 2025", "150 on Nov 3, 2025", "× 2", "320 kWh (estimated)"):
        assert squeezed(expected) in squeezed(words)


def test_a_bill_of_two_pages_is_compiled_once(bill, monkeypatch):
    """Who looks for the number of pages elsewhere in the file than where it stands compiles everything twice."""
    asked = []
    compiled = compiler._bill
    monkeypatch.setattr(compiler, "_bill", lambda *given, **told: asked.append(told) or compiled(*given, **told))
    assert [f"Page {number} of 2" in page.extract_text() for number, page in enumerate(pages(made(bill)), 1)] == [
        True
    ] * 2
    assert [one["pages"] for one in asked] == ["2"]


LONG = "Line {} of a rate with a very long name indeed"


def test_a_bill_of_many_lines_flows_on_and_loses_none(bill):
    (segment,) = bill.segments
    lines = tuple(
        replace(line, place=i, priced=line.priced._replace(said=line.priced.said._replace(label=LONG.format(i))))
        for i, line in enumerate(segment.lines * 12)
    )
    compiled = made(replace(bill, segments=(replace(segment, lines=lines),)))
    many = pages(compiled)
    assert len(many) >= 3
    assert all(f"Page {number} of {len(many)}" in page.extract_text() for number, page in enumerate(many, 1))
    words = squeezed(text_of(compiled))
    assert all(squeezed(line.label) in words for line in lines)


def test_a_works_with_twelve_lines_still_has_two_pages(readers):
    rate = readers.adopts_own("gs-2_2025.toml", customer_class="commercial")
    home = readers.settles(
        "Kelp & Kettle Brewing", rate, hourly(interval=900), street="400 Dock St", unit="Building 12"
    )
    readers.states("Kelp & Kettle Brewing", "power_factor", "0.82", date(2025, 9, 3))
    readers.states("Kelp & Kettle Brewing", "primary", "yes", date(2025, 9, 3))
    readers.lives("Kelp & Kettle Brewing", date(2025, 9, 3), OCT_25, shape=factory)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    bill = view(home.account.bills.get())
    assert len(bill.segments[0].lines) == 12
    assert len(bill.segments[0].of(Group.DISCOUNT)) == 1
    compiled = made(bill)
    assert len(pages(compiled)) == 2
    assert "Building 12" in text_of(compiled)


def test_a_converted_number_has_no_scan_line(bill):
    compiled = made(replace(bill, account="OLD/17", scan_line=""))
    assert "OLD/17" in text_of(compiled)
    root = PdfReader(io.BytesIO(compiled.pdf)).trailer["/Root"]
    assert [alt for kind, alt in tags(root["/StructTreeRoot"], []) if alt.startswith("QR")] == []


def test_bars_reach_as_high_as_their_values(bill):
    drawn = chart(bill)
    days = bill.daily
    highest = max(range(len(days)), key=lambda i: days[i].delivered)
    assert len(drawn["up"]) == len(days)
    assert drawn["up"][highest] == max(drawn["up"]) <= FULL
    assert drawn["ticks"] == [[10000, "20"], [7500, "15"], [5000, "10"], [2500, "5"], [0, "0"]]
    assert drawn["labels"][:2] == [[0, "Oct 3"], [7, "Oct 10"]]
    assert drawn["estimated"] == drawn["down"] == drawn["missing"] == []


def test_what_is_sent_back_hangs_below_the_line(bill):
    (segment,) = bill.segments
    days = tuple(DayUse(day.day, Decimal(10), Decimal(30)) for day in segment.use.days)
    drawn = chart(replace(bill, segments=(replace(segment, use=replace(segment.use, days=days)),)))
    assert drawn["zero"] == 7500
    assert (drawn["up"][0], drawn["down"][0]) == (2500, 7500)
    assert [label for _, label in drawn["ticks"]] == ["10", "0", "10", "20", "30"]
    assert "960 kWh were sent to the grid." in drawn["alt"]


def test_without_fonts_the_refusal_says_what_to_do(bill, monkeypatch, tmp_path):
    monkeypatch.setattr(compiler, "FONTS", tmp_path)
    with ThreadPoolExecutor(1) as pool, pytest.raises(CannotCompile, match="Run make setup"):
        pool.submit(made, bill).result()
