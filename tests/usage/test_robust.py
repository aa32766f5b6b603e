"""Imports are killed, run at once, and asked for from the command line and by the queue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner
from django.db import connection

from lamplighter.cli import main
from lamplighter.jobs.importing import import_file as job
from lamplighter.journeys.reading import keep
from lamplighter.platform.models import Run
from lamplighter.platform.operations.runs import start_run
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.models import IgnoredRevision, ImportedFile, Publication
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store
from lamplighter.worklist.models import Item
from tests.town import DANA, NIGHTLY, Town
from tests.usage.feeds import HOURLY, USUAL, WEEK, hours, values, write
from tests.worklist.conftest import committed  # noqa: F401

REPO = Path(__file__).parents[2]


@pytest.fixture
def living(committed, settings, tmp_path):  # noqa: F811
    """A town whose rows are committed, so that other processes and threads see them."""
    settings.INTERVAL_STORE, settings.STATE = str(tmp_path / "intervals"), tmp_path
    with unit_of_work(DANA):
        town = Town(date(2026, 5, 1))
        town.moves_in("Ada", town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml"))
    return town.on("2026-05-20")


def child(tmp_path, *arguments):
    name = connection.settings_dict
    url = f"postgresql:///{name['NAME']}?host={name['HOST']}&port={name['PORT']}&user={name['USER']}"
    return subprocess.run(
        [sys.executable, "-m", "tests.usage.importer", *map(str, arguments)],
        cwd=REPO, capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {
            "DATABASE_URL": url, "LAMPLIGHTER_INTERVALS": str(tmp_path / "intervals"),
            "LAMPLIGHTER_STATE": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lamplighter.config.settings",
        },
    )  # fmt: skip


def test_killed_between_store_and_publication_it_is_done_again(living, tmp_path):
    path = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    assert child(tmp_path, path, "die").returncode == -9
    (orphan,) = interval_store().unpublished(published=published())
    assert (Publication.objects.count(), ImportedFile.objects.count(), Item.objects.count()) == (0, 0, 0)
    channel = living.homes["Ada"].channel
    assert values(channel, WEEK) == [None] * 168, "nobody sees it"
    done = child(tmp_path, path)
    assert done.returncode == 0, done.stderr
    assert values(channel, WEEK) == USUAL
    assert ImportedFile.objects.get().taken == 168
    assert IgnoredRevision.objects.filter(revision=orphan).exists()
    assert child(tmp_path, path).returncode == 0
    assert Publication.objects.count() == 1


def test_two_imports_at_once_lose_nothing(living, tmp_path):
    """Both bring hours of the same days: each must lay its own over the other's."""
    odd = write(tmp_path, "odd.csv", [row for i, row in enumerate(hours("2026-05-04", USUAL)) if i % 2])
    even = write(tmp_path, "even.csv", [row for i, row in enumerate(hours("2026-05-04", USUAL)) if i % 2 == 0])
    start, failed = Barrier(2), []

    def importer(path):
        try:
            start.wait(timeout=10)
            living.imports(path, mapping=HOURLY)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=importer, args=(path,)) for path in (odd, even)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    assert values(living.homes["Ada"].channel, WEEK) == USUAL
    assert Publication.objects.count() == 2


@pytest.fixture
def command(town, monkeypatch):
    """The command in a town where Ada has a meter; it is booted already."""
    monkeypatch.setattr("lamplighter.cli.booting.boot", lambda: None)
    town.on("2026-05-01").moves_in("Ada", town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml"))
    town.on("2026-05-20")

    def run(*arguments):
        return CliRunner().invoke(main, ["import", *map(str, arguments)])

    return run


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "hourly.toml"
    path.write_text(HOURLY)
    return path


def test_the_command_says_what_went_in(command, mapping, tmp_path):
    path = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    done = command(path, "--mapping", mapping)
    assert (done.exit_code, done.stdout.splitlines()) == (
        0, ["may.csv: 168 readings of 1 channel", "  168 went in", "  all of it is in"],
    )  # fmt: skip
    again = command(path, "--mapping", mapping)
    assert (again.exit_code, again.stdout) == (0, "may.csv was taken in before; nothing has changed.\n")


def test_the_command_ends_with_1_when_something_waits(command, mapping, tmp_path):
    path = write(tmp_path, "two.csv", [*hours("2026-05-04", USUAL), *hours("2026-05-04", USUAL, meter="E-[bold]7")])
    done = command(path, "--mapping", mapping)
    assert done.exit_code == 1
    assert "  unknown meters wait: E-[bold]7" in done.stdout


def test_the_command_ends_with_2_when_a_file_cannot_be_read(command, mapping, tmp_path):
    good = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    done = command(tmp_path / "none.csv", good, "--mapping", mapping)
    assert done.exit_code == 2
    assert "none.csv: cannot be read" in done.stdout
    assert "168 went in" in done.stdout, "the others are taken in all the same"


def test_the_command_speaks_json(command, mapping, tmp_path):
    path = write(tmp_path, "two.csv", [*hours("2026-05-04", USUAL), *hours("2026-05-04", USUAL, meter="E-7")])
    done = command(path, tmp_path / "none.csv", "--mapping", mapping, "--json")
    first, second = json.loads(done.stdout)["files"]
    (member,) = first["members"]
    assert (member["readings"], member["taken"], member["unknown_meters"]) == (336, 168, ["E-7"])
    assert (second["readable"], second["errors"][0]["code"]) == (False, "file.missing")


def test_the_command_refuses_options_that_it_does_not_understand(command, tmp_path):
    path = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    done = command(path, "--timezone", "Mars/Phobos")
    assert done.exit_code == 2
    assert "Mars/Phobos" in done.stderr
    assert ImportedFile.objects.count() == 0


def test_the_queue_takes_an_upload_in(town, tmp_path):
    town.on("2026-05-01").moves_in("Ada", town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml"))
    path = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    kept = keep(path=path, by=NIGHTLY, at=town.at)
    for _ in range(2):
        run = start_run(kind="usage.import", subject="may.csv", total=0, by=NIGHTLY, at=town.at, queued=True)
        job(run=run.pk, by=str(NIGHTLY), file=kept.pk, options=json.dumps(asdict(ImportOptions(mapping=HOURLY))))
        run.refresh_from_db()
        assert (run.state, run.done, run.total) == ("done", 168, 168)
    assert values(town.homes["Ada"].channel, WEEK) == USUAL


def test_an_upload_that_cannot_be_read_ends_its_run_in_words(town, tmp_path):
    path = tmp_path / "letter.csv"
    path.write_text("Dear sirs, I enclose nothing.\n")
    kept = keep(path=path, by=NIGHTLY, at=town.at)
    run = start_run(kind="usage.import", subject="letter", total=0, by=NIGHTLY, at=town.at, queued=True)
    job(run=run.pk, by=str(NIGHTLY), file=kept.pk, options="{}")
    assert Run.objects.get(pk=run.pk).state == "failed"
    assert "letter.csv" in Run.objects.get(pk=run.pk).message
