"""Nobody is switched off over the network: outside the network itself, no part of the program names the act."""

from __future__ import annotations

from pathlib import Path

import lamplighter

SPEAK_IT = ("network", "formats", "town/headend")


def test_no_page_job_or_journey_asks_a_meter_to_switch_off():
    root = Path(lamplighter.__file__).parent
    found = {
        str(path.relative_to(root)) for path in root.rglob("*.py") if "Act.DISCONNECT" in path.read_text("utf-8")
    }  # fmt: skip
    outside = {name for name in found if not name.startswith(SPEAK_IT)}
    assert outside == {"journeys/commanding.py"}, "which hears that a switch went off, and asks for none"
