"""Help is instant, whole and consistent, whatever becomes of a single command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from lamplighter.cli import COMMANDS, Entry, main
from tests.cli.conftest import run

COMMANDS_PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def commands(command: click.Command, name: str):
    """A command and all below it, with their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for below in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), below)
            if found is not None:
                yield from commands(found, f"{name} {below}")


def every():
    for name in COMMANDS:
        try:
            command = main.get_command(click.Context(main), name)
        except click.UsageError:  # a build without it
            continue
        yield from commands(command, name)


EVERY = dict(every())


def test_help_names_every_command_and_imports_none():
    program = (
        "import sys; from lamplighter.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith(('django', 'numpy', 'lamplighter.cli.'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("[]\n")


def test_a_command_that_is_not_there_breaks_no_other(monkeypatch):
    monkeypatch.setitem(COMMANDS, "forecast", Entry("nowhere:forecast", "Tell the future."))
    assert "Tell the future." in run("--help").output
    result = run("forecast")
    assert (result.exit_code, "has no “forecast”" in result.output) == (2, True)


def test_a_command_whose_own_import_fails_says_which(monkeypatch, tmp_path):
    (tmp_path / "lonely.py").write_text("import nothing_of_this_name\n")
    monkeypatch.setattr("lamplighter.cli.__path__", [*sys.modules["lamplighter.cli"].__path__, str(tmp_path)])
    monkeypatch.setitem(COMMANDS, "lonely", Entry("lonely:lonely", "Fail."))
    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        run("lonely")


def test_version_is_told():
    import lamplighter

    assert run("--version").output == f"lamplighter, version {lamplighter.__version__}\n"


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_what_it_does(name):
    command = EVERY[name]
    told = (command.help or "").strip()
    assert told, "a docstring"
    assert told[0].isupper()
    assert told.split("\n\n")[0].replace("\b", "").strip().endswith("."), "a sentence"
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    lacking = [option.name for option in options if not option.help]
    assert not lacking, lacking
    assert run(*name.split(), "--help").exit_code == 0


@pytest.mark.parametrize("name", EVERY)
def test_json_is_asked_for_in_the_same_words(name):
    options = {option.opts[0]: option for option in EVERY[name].params if isinstance(option, click.Option)}
    if "--json" in options:
        assert "JSON" in options["--json"].help
        assert "tandard output" in options["--json"].help


@pytest.mark.parametrize("name", EVERY)
def test_every_command_stands_in_the_docs(name):
    assert f"`{name}" in COMMANDS_PAGE.read_text(encoding="utf-8")
