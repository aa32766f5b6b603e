"""`python -m tests.kills.world HOMES`: homes with a month of readings, ready to be billed, in the site's database."""

from __future__ import annotations

import sys
from datetime import date

from lamplighter.cli.booting import boot

FIRST, READS_ON = date(2026, 8, 1), date(2026, 9, 1)


def main(homes: int) -> None:
    boot()
    from lamplighter.kernel.periods import Period
    from lamplighter.platform.transactions import unit_of_work
    from tests.town import NIGHTLY, Town

    with unit_of_work(NIGHTLY):
        town = Town(FIRST)
        rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
        for number in range(homes):
            town.moves_in(f"H{number}", rate)
            if number % 10 != 9:  # every tenth has no readings, and is parked
                town.uses(f"H{number}", Period(FIRST, READS_ON), 100 + 10 * number)
        town.window("2026-08-01", READS_ON.isoformat())


if __name__ == "__main__":
    main(int(sys.argv[1]))
