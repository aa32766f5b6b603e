"""Work that is shared by processes is done once, whoever does it, and ends at the first fault."""

import json
import os
import subprocess
import sys
import time

import pytest

from lamplighter.platform.ahead import FORKS
from lamplighter.platform.processes import shared


def inverse(number: int) -> tuple[float, int]:
    time.sleep(0.01)
    return 1 / number, os.getpid()


def test_every_item_is_done_once_by_this_process_and_another():
    several = range(1, 1_500)
    done = list(shared(inverse, several, 2))
    assert sorted(value for value, _ in done) == sorted(1 / number for number in several)
    assert len({process for _, process in done}) == 2
    assert os.getpid() in {process for _, process in done}


def test_a_fault_ends_it():
    told = shared(inverse, [2, 0, *[1] * 100_000], 2)
    with pytest.raises(ZeroDivisionError):
        list(told)


def test_one_process_takes_them_in_order():
    assert [value for value, _ in shared(inverse, [1, 2, 4], 1)] == [1, 0.5, 0.25]


AHEAD = """
import json, os, shutil, signal
from lamplighter.platform import ahead
ahead.load_ahead()
os.environ["DJANGO_SETTINGS_MODULE"] = "lamplighter.config.settings"
import django
django.setup()
from django.conf import settings
from django.db import connection
from multiprocessing import util
from lamplighter.platform.processes import processes
from tests.platform.asking import where
connection.settings_dict["NAME"], settings.INTERVAL_STORE = "another", "elsewhere"
{first}
with processes(1) as pool:
    print(json.dumps(pool.submit(where).result() | {{"me": os.getpid()}}), flush=True)
    {then}
"""


def told(first: str = "", then: str = "") -> dict[str, object]:
    """What a process says that was begun by one which loaded ahead. Nothing is said before all of them have ended:
    each of them could still say more."""
    program = AHEAD.format(first=first, then=then)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not FORKS, reason="processes are spawned here")
@pytest.mark.parametrize("then", ["", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_server_that_has_loaded_forks_them_and_ends_with_who_began_it(then):
    found = told(then=then)
    assert found["parent"] != found["me"]
    assert len(found["its_threads"]) == 1, f"a thread does not survive a fork: {found['its_threads']}"
    assert (found["loaded"], found["kwh"]) == (True, 480)
    assert (found["database"], found["store"]) == ("another", "elsewhere")


@pytest.mark.skipif(not FORKS, reason="processes are spawned here")
def test_where_the_server_is_lost_each_is_spawned():
    found = told(first="shutil.rmtree(util.get_temp_dir())")
    assert found["parent"] == found["me"]
    assert (found["database"], found["store"]) == ("another", "elsewhere")
