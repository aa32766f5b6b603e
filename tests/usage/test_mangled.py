"""Whatever is done to a file on its way: it is refused in words, or what is left of it goes in; it is never a fault."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.formats.refusals import Unreadable
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import ImportedFile
from tests.usage.feeds import HOURLY, days, hours, text, values

WHOLE = text(hours("2026-05-04", [500 + hour for hour in range(72)]))
serial = count(1)


@st.composite
def mangled(draw):
    content = bytearray(WHOLE)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                content[at] = draw(st.integers(0, 255))
            case 1:
                del content[at : at + draw(st.integers(1, 300))]
            case 2:
                content[at:at] = draw(st.binary(max_size=40))
            case _:
                content[at:at] = draw(st.sampled_from([b",", b"\n", b'"', b"-", b"99999999999999999999", b"\xff"]))
        content = content or bytearray(b"\n")
    return bytes(content)


@pytest.fixture
def home(town):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    return town.on("2026-05-01").moves_in("Ada", rate)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(mangled())
def test_a_mangled_file_is_no_fault(town, home, tmp_path, content):
    class Undone(Exception):
        pass

    town.on("2026-05-20")
    path = tmp_path / f"mangled{next(serial)}.csv"
    path.write_bytes(content)
    with pytest.raises(Undone), unit_of_work(system("fuzz")):
        try:
            (imported,) = town.imports(path, mapping=HOURLY).imported
        except Unreadable:
            assert ImportedFile.objects.count() == 0
        else:
            held = [value for value in values(home.channel, days("2026-05-04", "2026-05-07")) if value is not None]
            assert imported.file.taken >= 0
            assert len(held) <= 72
        raise Undone
