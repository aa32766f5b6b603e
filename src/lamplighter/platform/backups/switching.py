"""Put a restored copy in the place of what is there: by renaming alone, noted first, so that a kill halves nothing."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from lamplighter.platform.backups import databases
from lamplighter.platform.backups.refusals import CannotRestore

JOURNAL = "restoring.json"


@dataclass(frozen=True, slots=True)
class Switch:
    """What takes whose place: a database of the server by its name, and folders, as (new, place) paths."""

    database: str
    new_database: str
    folders: tuple[tuple[str, str], ...]

    @property
    def old_database(self) -> str:
        return f"{self.database}_replaced"


def begin(switch: Switch, *, state: Path, url: str) -> None:
    """Note the switch, and carry it out. After a kill at any point, `finish` carries out the rest.

    Raises CannotRestore, with nothing changed, when somebody is at work in the database.
    """
    note = state / JOURNAL
    databases.drop(url, switch.old_database)
    os.sync()
    part = note.with_suffix(".part")
    part.write_text(json.dumps(asdict(switch)))
    part.replace(note)
    os.sync()
    try:
        databases.put_in_place(url, new=switch.new_database, name=switch.database, old=switch.old_database)
    except CannotRestore:
        note.unlink()
        raise
    finish(state=state, url=url)


def finish(*, state: Path, url: str) -> bool:
    """Carry out what is left of a switch that was broken off; whether there was one."""
    note = state / JOURNAL
    if not note.exists():
        return False
    told = json.loads(note.read_text())
    switch = Switch(told["database"], told["new_database"], tuple((new, place) for new, place in told["folders"]))
    databases.put_in_place(url, new=switch.new_database, name=switch.database, old=switch.old_database)
    for new, place in switch.folders:
        _put_in_place(Path(new), Path(place))
    databases.drop(url, switch.old_database)
    note.unlink()
    return True


def _put_in_place(new: Path, place: Path) -> None:
    old = place.with_name(f"{place.name}.replaced")
    if new.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            shutil.rmtree(old, ignore_errors=True)
            _renamed(place, old)
        _renamed(new, place)
    shutil.rmtree(old, ignore_errors=True)


def _renamed(one: Path, other: Path) -> None:
    one.rename(other)
