"""The print shop of the demo town: it reads a job's file as it comes, prints, mails, and writes its mailing report."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date

NOTHING: Mapping[str, tuple[str, str]] = {}


def mailing_report(job: bytes, *, on: date, proof: str, amiss: Mapping[str, tuple[str, str]] = NOTHING) -> bytes:
    """Every piece of the file was mailed on a day by a statement of mailing; `amiss` are those that were not, or made
    again, each with why: {"P-1-0003": ("spoiled", "torn")}."""
    with zipfile.ZipFile(io.BytesIO(job)) as archive:
        told = json.loads(archive.read("job.json"))
        pieces = [row["piece"] for row in csv.DictReader(io.StringIO(archive.read("index.csv").decode()))]
    assert len(pieces) == told["pieces"], "a file whose counts differ is not printed"
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["REPORT", told["job"]])
    counts = {"mailed": 0, "remade": 0, "spoiled": 0}
    for piece in pieces:
        outcome, words = amiss.get(piece, ("mailed", ""))
        counts[outcome] += 1
        rows.writerow(["PIECE", piece, outcome, on.isoformat(), "" if outcome == "spoiled" else proof, words])
    rows.writerow(["TOTAL", len(pieces), *counts.values()])
    return out.getvalue().encode()
