"""A print shop's mailing report: one line for each piece of a job with its day and proof, and totals that must hold.

    REPORT,P-12
    PIECE,P-12-0001,mailed,2026-11-21,PS3600-88123,
    PIECE,P-12-0002,remade,2026-11-23,PS3600-88140,jam in the folder
    PIECE,P-12-0003,spoiled,2026-11-21,,two addresses on one page
    TOTAL,3,1,1,1

`mailed` went as it came; `remade` was spoiled, made again and mailed; `spoiled` was not mailed. The totals are pieces,
mailed, remade, spoiled.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lamplighter.formats.refusals import Unreadable, refusal

MOST_LINES = 200_000
CODE = "mailing-report"
AGAIN = "Nothing of it was taken. Ask the print shop for it again."


class Outcome(StrEnum):
    MAILED = "mailed"
    REMADE = "remade"
    SPOILED = "spoiled"


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a piece; `proof` names the post's statement of mailing, "" where it was not mailed."""

    piece: str
    outcome: Outcome
    on: date
    proof: str
    words: str


@dataclass(frozen=True, slots=True)
class MailingReport:
    job: str
    pieces: tuple[Reported, ...]


def read_report(data: bytes, *, file: str) -> MailingReport:
    """Raises Unreadable where a line is no line of a report, a piece stands twice, or the totals do not hold."""
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as wrong:
        raise refusal(f"{CODE}.text", "The file is no UTF-8 text.", file=file, remedy=AGAIN) from wrong
    if len(lines) > MOST_LINES:
        raise refusal(f"{CODE}.long", f"The file has more than {MOST_LINES:,} lines.", file=file)
    job, totals, pieces = "", list[str](), dict[str, Reported]()
    for at, line in enumerate(lines, 1):
        match _fields(line, file, at):
            case [] if not line.strip():
                continue
            case ["REPORT", number] if not job and not pieces:
                job = number.strip()
            case ["PIECE", number, outcome, on, proof, words] if job and not totals:
                _keep(pieces, Reported(number.strip(), *_said(outcome, on, file, at), proof.strip(), words.strip()),
                      file, at)  # fmt: skip
            case ["TOTAL", *counts] if job and not totals and len(counts) == 4:
                totals = counts
            case _:
                raise refusal(f"{CODE}.line", "The line is none that a report has here.", file=file, line=at,
                              remedy="A report is REPORT, then PIECE lines, then TOTAL.")  # fmt: skip
    _prove(totals, pieces, file)
    return MailingReport(job, tuple(pieces.values()))


def _fields(line: str, file: str, at: int) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error as wrong:  # a field longer than any report has
        raise refusal(f"{CODE}.line", f"The line is no line of fields: {wrong}.", file=file, line=at,
                      remedy=AGAIN) from wrong  # fmt: skip


def _said(outcome: str, on: str, file: str, line: int) -> tuple[Outcome, date]:
    try:
        return Outcome(outcome.strip()), date.fromisoformat(on.strip())
    except ValueError as wrong:
        raise refusal(f"{CODE}.value", f"{wrong}: an outcome is mailed, remade or spoiled, a day as 2026-11-21.",
                      file=file, line=line, remedy=AGAIN) from wrong  # fmt: skip


def _keep(pieces: dict[str, Reported], one: Reported, file: str, line: int) -> None:
    if one.piece in pieces:
        raise _wrong(f"{one.piece} stands twice.", file, line)
    if one.outcome is not Outcome.SPOILED and not one.proof:
        raise _wrong(f"{one.piece} was mailed without a proof.", file, line)
    pieces[one.piece] = one


def _prove(totals: list[str], pieces: dict[str, Reported], file: str) -> None:
    if not totals:
        raise _wrong("There is no line of totals: the file may be cut off.", file)
    counted = Counter(one.outcome for one in pieces.values())
    found = [len(pieces), *(counted[outcome] for outcome in Outcome)]
    if [one.strip() for one in totals] != [str(one) for one in found]:
        raise _wrong(f"The totals say {', '.join(totals)}; the lines are {', '.join(map(str, found))}.", file)


def _wrong(words: str, file: str, line: int = 0) -> Unreadable:
    return refusal(f"{CODE}.wrong", words, file=file, line=line, remedy=AGAIN)
