"""Every reader and parser of what others wrote, on damaged files: nothing but an answer or a refusal of its own.

Each has the same share of the time: of 320 minutes, ten. A hang is a read of more than ten seconds of a
processor, a blow-up 400 MiB.
"""

from __future__ import annotations

import os
from functools import partial

import django


def soak(seconds: float, seed: int) -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    django.setup()  # some papers are made by the town, which has models; no database is asked
    from tests.formats.fuzz import READERS, check, fuzzed
    from tests.formats.handed import HANDED
    from tests.formats.parsers import TARGETS, tried

    attempts = {f"meter files: {name}": (partial(check, reader), seeds) for name, (reader, seeds) in READERS.items()}
    attempts |= {name: (partial(tried, target), target.seeds) for name, target in (TARGETS | HANDED).items()}
    share = seconds / len(attempts)
    told = [f"{name} {fuzzed(one, share, seed, seeds):,}" for name, (one, seeds) in attempts.items()]
    return f"{share:.0f} s each: {', '.join(told)} files."
