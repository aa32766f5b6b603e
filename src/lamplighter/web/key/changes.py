"""Why a service's last bill changed: beside the bill before, and beside a year before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.queries.changes import explained
from lamplighter.web.ui.parts import Empty

NONE = Empty("There is no bill before to compare the last one with.")


def changes_shown(chosen: Agreement, on: date, *, alone: bool) -> Mapping[str, Any]:
    found = explained(chosen, on=on, alone=alone)
    return {
        "tables": [
            {"compared": one.shown, "causes": one.causes, "sides": (one.shown.now, one.shown.then)} for one in found
        ],
        "empty": NONE,
    }  # fmt: skip
