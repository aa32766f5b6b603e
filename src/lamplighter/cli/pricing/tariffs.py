"""Open the TARIFF of `lamplighter price`: a tariff file, a folder of them, or URDB JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lamplighter.cli.pricing.refused import UNREADABLE, Refused, refused, unreadable
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.checks import check_book
from lamplighter.rating.files import parse
from lamplighter.rating.spelling import did_you_mean
from lamplighter.rating.tariff import Status, Tariff, with_riders
from lamplighter.rating.urdb import Convention, Record, convert, read
from lamplighter.rating.urdb.records import Unreadable

ALWAYS = Period(date.min)
BY_ONE_DAY = "--on DAY takes the prices in force on that day, whatever year the load is of."


@dataclass(frozen=True, slots=True)
class Chosen:
    """The versions to price on, oldest first, and what was noticed about them. One version holds on every day."""

    versions: tuple[Tariff, ...]
    findings: tuple[Finding, ...]
    starts: date | None


def open_tariff(path: Path, *, schedule: str, on: date | None, sam: bool) -> Chosen:
    """The tariff to price on. `schedule` and `on` choose among several; `A+B` puts rider B on schedule A.

    Raises Refused.
    """
    if path.is_dir():
        tariffs, findings = _folder(path)
    else:
        text = _text(path)
        tariffs, findings = _records(text, path, schedule, sam=sam) if _is_json(path, text) else _file(text, path)
    return _chosen(_of_schedule(tariffs, schedule, path), findings, on)


def _chosen(tariffs: Sequence[Tariff], findings: tuple[Finding, ...], on: date | None) -> Chosen:
    adopted = [tariff for tariff in tariffs if tariff.status is not Status.DRAFT] or list(tariffs)
    if on is not None and len(adopted) > 1:
        adopted = [tariff for tariff in adopted if on in tariff.valid]
        if not adopted:
            raise refused("date", f"No version of {tariffs[0].code} is in force on {on}.")
    starts = None if adopted[-1].valid.start == date.min else adopted[-1].valid.start
    if len(adopted) == 1:
        return Chosen((replace(adopted[0], valid=ALWAYS),), findings, starts)
    return Chosen(tuple(adopted), findings, starts)


def _of_schedule(tariffs: Sequence[Tariff], schedule: str, path: Path) -> list[Tariff]:
    """The versions of one schedule, with the riders that its code names after a plus sign, oldest first."""
    code, *riders = schedule.split("+") if schedule else [""]
    bases = [tariff for tariff in tariffs if tariff.code == code or (not code and not tariff.rider)] or (
        list(tariffs) if not code and len(tariffs) == 1 else []
    )
    codes = sorted({tariff.code for tariff in bases})
    if len(codes) != 1:
        known = {tariff.code for tariff in tariffs}
        message = f"{path.name} has no schedule “{code}”." if code else f"{path.name} has several schedules."
        raise refused("schedule", message, did_you_mean(code, known) or "Name one with --schedule.", path.name)
    for rider in riders:
        versions = [tariff for tariff in tariffs if tariff.code == rider]
        if not versions:
            raise refused("schedule", f"{path.name} has no rider “{rider}”.", did_you_mean(rider, known_codes(tariffs)))
        bases = [with_riders(base, _beside(base, versions)) for base in bases]
    return sorted(bases, key=lambda tariff: tariff.valid.start)


def known_codes(tariffs: Sequence[Tariff]) -> set[str]:
    return {tariff.code for tariff in tariffs}


def _beside(base: Tariff, riders: Sequence[Tariff]) -> Tariff:
    """The rider's version that is in force when the schedule's version begins."""
    within = [rider for rider in riders if base.valid.start in rider.valid]
    return within[0] if within else min(riders, key=lambda rider: rider.valid.start)


def _folder(path: Path) -> tuple[list[Tariff], tuple[Finding, ...]]:
    files = sorted(path.rglob("*.toml"))
    if not files:
        raise unreadable(str(path), "The folder has no tariff files (*.toml).")
    read_ones = [_file(_text(file), file) for file in files]
    tariffs = [tariff for found, _ in read_ones for tariff in found]
    findings = [finding for _, noticed in read_ones for finding in noticed]
    return tariffs, (*findings, *check_book(tariffs))


def _file(text: str, path: Path) -> tuple[list[Tariff], tuple[Finding, ...]]:
    parsed = parse(text, path.name)
    if parsed.tariff is None:
        broken = any(finding.code == "tariff.syntax" for finding in parsed.findings)
        raise Refused(parsed.findings, UNREADABLE) if broken else Refused(parsed.findings)
    return [parsed.tariff], parsed.findings


def _records(text: str, path: Path, schedule: str, *, sam: bool) -> tuple[list[Tariff], tuple[Finding, ...]]:
    """URDB JSON; of several rates the one whose label or name is asked for."""
    try:
        records = read(text)
    except Unreadable as fault:
        raise unreadable(path.name, str(fault)) from fault
    named = [record for record in records if schedule in {"", str(record.get("label")), str(record.get("name"))}]
    if len(named) != 1:
        known = [str(record.get("label") or record.get("name")) for record in records]
        message = f"{path.name} holds {len(records)} rates, of which {len(named)} are meant."
        raise refused("schedule", message, did_you_mean(schedule, known), path.name)
    imported = convert(named[0], convention=Convention.SAM if sam else Convention.ACTUAL, file=path.name)
    if imported.tariff is None:
        raise Refused(imported.findings)
    tariff = replace(imported.tariff, valid=Period(imported.tariff.valid.start), code=_code(named[0], imported.tariff))
    return [tariff], imported.findings


def _code(record: Record, tariff: Tariff) -> str:
    return str(record.get("label") or tariff.name)


def _is_json(path: Path, text: str) -> bool:
    if path.suffix.lower() in {".json", ".toml"}:
        return path.suffix.lower() == ".json"
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as fault:
        raise unreadable(str(path), "There is no such file.") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise unreadable(str(path), f"The file cannot be read: {fault}.") from fault
