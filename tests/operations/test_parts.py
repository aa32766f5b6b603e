"""The parts of a backup by themselves: archives, hashes, and the programs that dump and load."""

from __future__ import annotations

import io
import stat
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.platform.backups.archive import reading, writing
from lamplighter.platform.backups.manifest import NAME, PLAIN_PATH, Manifest, parsed, told_apart
from lamplighter.platform.backups.programs import ProgramFailed, client, run
from lamplighter.platform.backups.refusals import CannotBackUp, CannotRestore

BARE = Manifest(
    program="0.1", made_at="2026-11-20", postgresql=18, tables=1, migrations=("a.0001",), store_version=3, keys=("k",),
    controls=({"name": "c", "totals": [["n", "1"]], "differences": []},), missing=(), parts=(),
)  # fmt: skip


def nothing(_: int) -> None:
    return None


def written(target, contents):
    """A backup of these contents, whose manifest tells them."""
    with writing(target) as (writer, _):
        parts = [
            writer.add(path, size=len(content), content=io.BytesIO(content), progress=nothing)
            for path, content in contents.items()
        ]
        text = parsed(BARE.text()).text().replace('"parts": []', f'"parts": {_json(parts)}').encode()
        writer.add(NAME, size=len(text), content=io.BytesIO(text), progress=nothing)
    return parts


def _json(parts):
    return "[" + ",".join(f'{{"path":"{p.path}","size":{p.size},"sha256":"{p.sha256}"}}' for p in parts) + "]"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(st.binary(max_size=3_000_000 // 20), min_size=1, max_size=4), tar=st.booleans())
def test_what_goes_in_comes_out(tmp_path_factory, contents, tar):
    folder = tmp_path_factory.mktemp("archive")
    target = folder / ("copy.tar" if tar else "copy")
    parts = written(target, {f"files/{place}": content for place, content in enumerate(contents)})
    assert [path.name for path in folder.iterdir()] == [target.name], "nothing is left beside it"
    assert stat.S_IMODE(target.stat().st_mode) & 0o077 == 0, "it holds personal data"
    with reading(target) as backup:
        assert backup.manifest.parts == tuple(parts)
        for place, (part, content) in enumerate(zip(parts, contents, strict=True)):
            assert part.sha256 == sha256(content).hexdigest()
            backup.extract(part, folder / "out" / str(place), progress=nothing)
            assert (folder / "out" / str(place)).read_bytes() == content


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_a_backup_is_whole_or_not_there(tmp_path, name):
    with pytest.raises(RuntimeError), writing(tmp_path / name) as (writer, work):
        writer.add("files/1", size=3, content=io.BytesIO(b"abc"), progress=nothing)
        assert work.exists()
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_content_that_changes_while_it_is_read_is_refused(tmp_path, name):
    with pytest.raises((CannotBackUp, OSError)), writing(tmp_path / name) as (writer, _):
        writer.add("files/1", size=5, content=io.BytesIO(b"abc"), progress=nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_compressed_name_is_refused(tmp_path):
    with pytest.raises(CannotBackUp, match="compressed already"), writing(tmp_path / "copy.tar.gz"):
        pytest.fail("it was begun")


@pytest.mark.parametrize("content", [b"", b"no tar at all", b"\0" * 10_240])
def test_what_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "copy.tar").write_bytes(content)
    with pytest.raises(CannotRestore), reading(tmp_path / "copy.tar"):
        pytest.fail("it was read")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', BARE.text().replace('"store_version": 3,', "")])
def test_a_damaged_manifest_is_refused(text):
    with pytest.raises(CannotRestore, match=r"is damaged"):
        parsed(text)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../up", "files/../../up", "files//x", "files/", "a\\b", "", "files/x\n"]
)
def test_a_part_stays_inside(path):
    assert not PLAIN_PATH.fullmatch(path)


def test_paths_of_the_store_are_plain():
    assert PLAIN_PATH.fullmatch("intervals/month=2026-09/6d29feba-69cb-40d3-80cd-dfdd4476b3a3.parquet")
    assert PLAIN_PATH.fullmatch("intervals/_delta_log/00000000000000000021.json")


def test_keys_are_told_apart_and_not_given_away():
    one, other = told_apart(["a long secret", "another"])
    assert one != other
    assert len(one) == 12
    assert "secret" not in one


def program(folder, name, version):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}"\n')
    path.chmod(0o755)


def test_a_program_older_than_the_server_is_refused(tmp_path, monkeypatch):
    program(tmp_path / "bin", "pg_dump", "15.4")
    monkeypatch.setenv("LAMPLIGHTER_PG_BIN", str(tmp_path / "bin"))
    assert client("pg_dump", major=15) == tmp_path / "bin" / "pg_dump"
    assert client("pg_dump", major=14) == tmp_path / "bin" / "pg_dump", "a newer one reads an older server"
    with pytest.raises(ProgramFailed, match=r"PostgreSQL 16 or newer is needed, as the server is 16 \(found: 15 in"):
        client("pg_dump", major=16)
    with pytest.raises(ProgramFailed, match="none at all"):
        client("pg_restore", major=15)


def test_a_program_says_what_went_wrong(tmp_path):
    path = tmp_path / "pg_dump"
    path.write_text('#!/bin/sh\necho "dumping contents of table a" >&2; echo "no space left" >&2; exit 3\n')
    path.chmod(0o755)
    counted = []
    with pytest.raises(ProgramFailed, match="no space left"):
        run(path, url="postgresql://u:secret@h/db", progress=counted.append, counting="dumping contents of table")
    assert counted == [1]


def test_the_password_stays_out_of_the_process_list(tmp_path):
    path = tmp_path / "pg_dump"
    path.write_text('#!/bin/sh\necho "$@ / $PGPASSWORD" > "$(dirname "$0")/said"\n')
    path.chmod(0o755)
    run(path, "--format=custom", url="postgresql://u:secret@h/db", progress=nothing, counting="x")
    arguments, _, password = (tmp_path / "said").read_text().partition(" / ")
    assert ("secret" in arguments, password.strip()) == (False, "secret")
    assert "dbname=db" in arguments
