"""A backup is of one moment, is proved when it comes back, and never comes back by half."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import time
from pathlib import Path

import psycopg

from tests.kills.books import books
from tests.kills.breaking import WORK
from tests.kills.site import NAME, until

STORE_FILE = """
from lamplighter.cli.booting import boot
boot()
from tests.town import NIGHTLY, noon
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from datetime import date
with unit_of_work(NIGHTLY):
    store_file([b"a letter"], name="letter.txt", media_type="text/plain", by=NIGHTLY, at=noon(date(2026, 9, 1)))
"""
STEPS = 10
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
LETTER = hashlib.sha256(b"a letter").hexdigest()


def asked(site, question):
    with psycopg.connect(site.url) as session:
        return session.execute(question).fetchone()[0]


def test_a_copy_taken_in_the_middle_of_work_goes_on_from_there(original, empty, copy):
    work = original.start(WORK, "--led", fed=True)
    made = original.start("lamplighter", "backup", f"{copy}.tar")
    for _ in range(STEPS - 2):
        work.stdin.write("on\n")
        work.stdin.flush()
        if made.poll() is None:
            time.sleep(0.3)
    told = made.communicate(timeout=60)[0]
    assert made.returncode == 0
    assert "the ledger balances" in told
    work.communicate("on\n" * STEPS, timeout=60)
    assert work.returncode == 0

    back = empty.command("restore", f"{copy}.tar")
    assert back.returncode == 0, back.stderr
    assert back.stdout.count("ok  ") == told.count("ok  ") > 0
    assert "sealed with a key that is not here" in back.stderr, "its secret key stayed behind"
    assert not [path for path in empty.state.iterdir() if "restor" in path.name]
    assert books(empty) != books(original), "the work went on after the moment of the copy"
    assert empty.run(WORK).returncode == 0
    assert books(empty) == books(original)


def test_files_and_store_come_along_and_what_is_there_is_kept_unless_replaced(original, empty, copy):
    original.folder.joinpath("letter.py").write_text(STORE_FILE)
    assert original.run("letter").returncode == 0
    assert original.command("backup", copy).returncode == 0
    told = json.loads(Path(copy, "manifest.json").read_text())
    assert [part["sha256"] for part in told["parts"] if part["path"].startswith("files/")] == [LETTER]
    assert told["migrations"], "which program it fits"
    assert Path(copy).stat().st_mode & 0o077 == 0

    again = original.command("backup", copy)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert empty.command("restore", copy).returncode == 0
    assert (empty.state / "files" / LETTER[:2] / LETTER).read_bytes() == b"a letter"
    refused = empty.command("restore", copy)
    assert refused.returncode == 1
    assert "There is something here already" in refused.stderr

    with psycopg.connect(empty.url) as somebody:
        somebody.execute("CREATE TABLE mine (number int)")
        somebody.commit()
        busy = empty.command("restore", "--replace", copy)
        assert (busy.returncode, "Somebody is at work" in busy.stderr) == (1, True)
    assert asked(empty, "SELECT count(*) FROM mine") == 0, "nothing was touched"
    assert empty.command("restore", "--replace", copy).returncode == 0
    assert asked(empty, "SELECT to_regclass('mine') IS NULL")
    assert books(empty) == books(original)


def test_a_damaged_part_is_refused_and_nothing_is_restored(original, empty, copy):
    assert original.command("backup", copy).returncode == 0
    (spoiled, *_) = sorted(Path(copy).glob("intervals/month=*/*.parquet"))
    content = bytearray(spoiled.read_bytes())
    content[len(content) // 2] ^= 1
    spoiled.write_bytes(content)
    with tarfile.open(f"{copy}.tar", "w") as tar:
        tar.add(copy, arcname="")
    for source in (copy, f"{copy}.tar"):
        refused = empty.command("restore", source)
        assert refused.returncode == 1
        assert f"{spoiled.relative_to(copy)} is damaged" in refused.stderr
    spoiled.unlink()
    refused = empty.command("restore", copy)
    assert "is missing from the backup" in refused.stderr
    assert not asked(empty, TABLES)
    assert not empty.cluster.has_database(f"{NAME}_restoring")
    assert not empty.intervals.exists()


def test_a_copy_that_is_not_what_the_original_was_is_not_put_in_place(original, empty, copy):
    assert original.run(WORK).returncode == 0
    assert original.command("backup", copy).returncode == 0
    path = Path(copy, "manifest.json")
    told = json.loads(path.read_text())
    told["controls"][0]["totals"][0][1] = "7"
    path.write_text(json.dumps(told))
    refused = empty.command("restore", copy)
    assert refused.returncode == 1
    assert "DIFFERS from the original: the ledger balances: it was entries 7" in refused.stdout
    assert not asked(empty, TABLES)


def test_a_newer_programs_copy_is_refused_before_anything_else(original, empty, copy):
    assert original.command("backup", copy).returncode == 0
    path = Path(copy, "manifest.json")
    told = json.loads(path.read_text())
    for change, expected in (
        ({"migrations": [*told["migrations"], "billing.9999_tomorrow"]}, "billing.9999_tomorrow. Install that version"),
        ({"postgresql": 99}, "The backup is of PostgreSQL 99"),
        ({"format": 2}, "has format 2"),
        ({"parts": [{"path": "../../etc/passwd", "size": 1, "sha256": ""}]}, "a part outside the backup"),
    ):
        path.write_text(json.dumps(told | change))
        refused = empty.command("restore", copy)
        assert (refused.returncode, expected in refused.stderr) == (1, True), refused.stderr


def test_a_missing_file_is_told_and_stops_no_backup(original, empty, copy):
    original.folder.joinpath("letter.py").write_text(STORE_FILE)
    assert original.run("letter").returncode == 0
    shutil.rmtree(original.state / "files")
    made = original.command("backup", f"{copy}.tar")
    assert made.returncode == 1
    assert f"The stored file {LETTER} is missing here or damaged" in made.stderr
    back = empty.command("restore", f"{copy}.tar")
    assert back.returncode == 1
    assert f"{LETTER} was missing at the original already" in back.stderr
    assert books(empty) == books(original), "what there is came back"


def test_a_backup_that_is_broken_off_leaves_nothing_that_looks_like_one(original, copy):
    breaking = original.start("lamplighter", "backup", f"{copy}.tar", quiet=True)
    until(lambda: list(Path(copy).parent.glob(".copy.tar.*")), "it has begun")
    breaking.kill()
    breaking.wait()
    assert not Path(f"{copy}.tar").exists()
    assert original.command("backup", f"{copy}.tar").returncode == 0
