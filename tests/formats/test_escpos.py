"""What reaches a receipt printer, byte for byte: Epson's ESC/POS commands."""

from lamplighter.formats.escpos import COLUMNS, CUT, KICK, Amount, Qr, Rule, Words, slip


def test_a_slip_starts_clean_says_its_lines_and_is_cut():
    made = slip([Words("Marisol", centred=True, large=True), Rule(), Amount("Cash", "$60.00")])
    assert made.startswith(b"\x1b@\x1bt\x10")
    assert b"\x1ba\x01\x1d!\x11Marisol\n" in made
    assert b"-" * COLUMNS + b"\n" in made
    assert b"Cash" + b" " * (COLUMNS - len("Cash$60.00")) + b"$60.00\n" in made
    assert made.endswith(CUT)
    assert KICK not in made


def test_the_drawer_opens_when_asked():
    assert KICK in slip([], kick=True)


def test_long_words_are_wrapped_and_letters_without_a_glyph_are_marked():
    made = slip([Words("Los Faroles de la Avenida del Pacífico, tienda y más"), Words("純")])
    lines = [line for line in made.split(b"\n") if b"Faroles" in line or b"tienda" in line]
    assert len(lines) == 2
    assert "Pacífico".encode("cp1252") in made
    assert b"?\n" in made


def test_words_of_people_cannot_command_the_printer():
    assert b"\x1bp" not in slip([Words("a\x1bp\x00b")])


def test_a_qr_code_is_stored_with_its_length():
    made = slip([Qr("R-20418-3")])
    assert b"\x1d(k" + (9 + 3).to_bytes(2, "little") + b"\x31\x50\x30R-20418-3" in made
