"""A restored copy takes its place by renaming, and a kill between two renames is made good at the next start."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from lamplighter.platform.backups import databases, switching
from lamplighter.platform.backups.switching import JOURNAL, Switch
from tests.kills.site import NAME


class Killed(BaseException):
    """Nothing can catch it, and nothing is done after it."""


@pytest.fixture
def switch(empty, tmp_path):
    """An old database and two old folders, and new ones beside them."""
    url = empty.url
    databases.make(url, f"{NAME}_restoring")
    for name, told in ((NAME, "old"), (f"{NAME}_restoring", "new")):
        with psycopg.connect(databases.beside(url, name), autocommit=True) as session:
            session.execute("CREATE TABLE mark AS SELECT %s::text AS told", [told])
    for folder in ("intervals", "files"):
        for name, told in ((folder, "old"), (f"{folder}.restoring", "new")):
            (tmp_path / name).mkdir()
            (tmp_path / name / "mark").write_text(told)
    folders = tuple((str(tmp_path / f"{name}.restoring"), str(tmp_path / name)) for name in ("intervals", "files"))
    return Switch(NAME, f"{NAME}_restoring", folders)


def told(url, switch) -> set[str]:
    with psycopg.connect(url) as session:
        row = session.execute("SELECT told FROM mark").fetchone()
    return {str(row[0]), *(Path(place, "mark").read_text() for _, place in switch.folders)}


@pytest.mark.parametrize("moment", range(6))
def test_whenever_it_is_killed_the_copy_is_put_in_place_whole(switch, empty, tmp_path, monkeypatch, moment):
    """Six steps: the databases, two renames of each folder, and the old database's end."""
    steps = iter(range(6))

    def dying(step):
        def die(*given, **named):
            if next(steps) == moment:
                raise Killed
            return step(*given, **named)

        return die

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(databases, "drop", _in_turn(databases.drop, dying(databases.drop)))  # first, what was left
        patched.setattr(databases, "put_in_place", _in_turn(dying(databases.put_in_place), databases.put_in_place))
        patched.setattr(switching, "_renamed", dying(switching._renamed))
        switching.begin(switch, state=tmp_path, url=empty.url)
    assert (tmp_path / JOURNAL).exists()
    assert switching.finish(state=tmp_path, url=empty.url)
    assert told(empty.url, switch) == {"new"}
    assert not databases.exists(empty.url, switch.old_database)
    assert not databases.exists(empty.url, switch.new_database)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "intervals"]
    assert not switching.finish(state=tmp_path, url=empty.url)


def _in_turn(*steps):
    """One step at each call; the last one from then on."""
    turns = iter(steps)

    def take(*given, **named):
        return next(turns, steps[-1])(*given, **named)

    return take


def test_a_start_finishes_what_was_broken_off(original, empty, copy):
    assert original.command("backup", copy).returncode == 0
    assert empty.command("restore", copy).returncode == 0
    with psycopg.connect(databases.beside(empty.url, databases.BESIDE), autocommit=True) as session:
        session.execute(f"ALTER DATABASE {NAME} RENAME TO {NAME}_restoring")
        session.execute(f"CREATE DATABASE {NAME}")
    (empty.state / JOURNAL).write_text(
        json.dumps({"database": NAME, "new_database": f"{NAME}_restoring", "folders": []})
    )
    checked = empty.command("check")
    assert checked.returncode == 0, checked.stderr
    assert "A restoration that was broken off has been finished" in checked.stderr
    assert "the ledger balances" in checked.stdout


def test_nobody_is_thrown_out(switch, empty, tmp_path):
    with psycopg.connect(empty.url), pytest.raises(switching.CannotRestore, match="Somebody is at work"):
        switching.begin(switch, state=tmp_path, url=empty.url)
    assert told(empty.url, switch) == {"old"}
    assert not (tmp_path / JOURNAL).exists()
