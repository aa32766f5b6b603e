"""CSR-10, CSR-11, CSR-13, SUP-01 and SUP-06: the unit's own work, played through its pages."""

import re
from datetime import timedelta

import pytest

from lamplighter.platform.transactions import unit_of_work
from lamplighter.workforce.models import DeskDuty, LogLine, Module
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import Draft, finish, raise_items, take
from tests.duties.playing import DONE, fills
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW, TODAY, TUAN

FRIDAY = TODAY.isoformat()


@pytest.fixture
def renee(at_desk):
    return at_desk("renee")


@pytest.fixture
def tuan(at_desk):
    return at_desk("tuan")


def sets(renee, title, **more):
    said = {"title": title, "list": "day", "when": "daily:0", "due": "09:30", "evidence": "none", "on": FRIDAY}
    assert fills(renee, "/lead/duties/do/set/", **{**said, **more}).status_code in DONE
    return DeskDuty.objects.get(title=title)


def does(client, duty, **shown):
    return fills(client, f"/desk/duties/{duty.pk}/{FRIDAY}/do/done/", **shown)


def waits(number, kind="cases.message", due=NOW, owner=None):
    """Something that waits at the service desk."""
    with unit_of_work(DANA):
        raise_items(drafts=[Draft(kind, f"contact:{number}", "Text from a customer", due_at=due)], by=DANA, at=NOW)
    return Item.objects.get(subject=f"contact:{number}")


# SUP-06


def test_sup_06_a_duty_is_done_by_its_owner_in_time_with_its_evidence(renee, dana, tuan):
    duty = sets(renee, "Count the change box", evidence="count", owner="dana")
    assert "Count the change box" in words(dana.get("/desk/"))
    assert "somebody else's" in words(does(tuan, duty, count="200"))
    assert does(dana, duty).status_code == 422, "the count is asked for"
    assert does(dana, duty, count="200").status_code in DONE
    assert "Somebody has done this already" in words(does(dana, duty, count="200"))
    shown = words(renee.get("/lead/duties/"))
    assert "Count the change box Service Fri, Nov 20, 2026, 9:30 am Done Dana Reyes 200" in shown


def test_sup_06_a_turn_that_nobody_did_is_a_miss_and_one_after_its_time_is_late(renee, dana):
    late, missed = sets(renee, "Read the night's texts", due="08:30"), sets(renee, "Open the drop box", due="08:45")
    assert "Duties missed 2" in words(renee.get("/lead/"))
    does(dana, late)
    shown = words(renee.get("/lead/duties/?panel=past"))
    assert "Read the night's texts 1 0 1 0" in shown, "due, on time, late, missed"
    assert "Open the drop box 1 0 0 1" in shown
    assert "Missed" in words(renee.get(f"/lead/duties/{missed.pk}/"))


def test_sup_06_a_turn_is_handed_over_and_what_was_not_right_is_sent_back(renee, dana, tuan):
    duty = sets(renee, "Check the returned mail", owner="dana", evidence="words")
    turn = f"/lead/duties/{duty.pk}/{FRIDAY}/do/turn/"
    fills(renee, turn, to="tuan")
    assert "somebody else's" in words(does(dana, duty, words="None"))
    assert does(tuan, duty, words="Three came back").status_code in DONE
    assert "Three came back" in words(tuan.get("/desk/"))
    fills(renee, turn, why="There were four. Look in the tray.")
    assert "Three came back" not in words(tuan.get("/desk/"))
    assert does(tuan, duty, words="Four came back").status_code in DONE


def test_sup_u10_the_closing_list_cannot_be_finished_with_a_drawer_open(renee, dana, drawer):
    """SUP-06: nor while a duty of it is not done."""
    duty = sets(renee, "Lock the lobby", list="closing", due="17:00")
    finish_it = "/desk/lists/closing/do/finish/"
    refused = words(fills(dana, finish_it))
    assert "“Lock the lobby” is not done. Drawer 1 is open. Count and close it." in refused
    does(dana, duty)
    assert "Drawer 1 is open. Count and close it." in words(dana.get("/desk/"))
    fills(dana, "/desk/counter/do/count/", count_100="0")
    drawer.refresh_from_db()
    assert drawer.state != "open"
    assert fills(dana, finish_it).status_code in DONE
    assert "Finished" in words(dana.get("/desk/"))
    assert "Closing list finished" in words(renee.get("/lead/"))


def test_sup_06_duties_fall_on_working_days_alone(renee, dana):
    sets(renee, "Post the gas letters", when="weekly:3", due="16:00")  # Thursdays; next is Thanksgiving
    monthly = sets(renee, "Close the month's logs", when="monthly:-1", due="16:00")
    assert "Post the gas letters" not in words(dana.get("/desk/"))
    assert dana.get(f"/desk/duties/{monthly.pk}/{FRIDAY}/do/done/").status_code == 404


# CSR-10


def test_csr_10_the_board_shows_the_queue_and_goals_and_each_number_opens_as_many_rows(dana, renee, town):
    due = NOW - timedelta(hours=1)
    for number in range(900001, 900005):
        item = waits(number, due=due)
        if number % 2:
            with unit_of_work(DANA):
                finish(item=item, outcome="answered", by=DANA, at=due - timedelta(minutes=5))
    fills(renee, "/lead/goals/do/set/", measure="messages", percent="90")
    board = words(dana.get("/desk/team/"))
    assert "Messages answered 50 % 2 of 4, goal 90 %" in board
    assert "Messages to answer 2 2" in board, "waiting, overdue"
    rows = dana.get("/desk/team/messages/?days=7")
    assert rows.context["grid"].total == 4
    assert words(rows).count("Yes") == 2
    assert "Messages answered" in words(renee.get("/lead/")), "a goal that is set stands on the supervisor's page"


def counted(page: str) -> tuple[int, int]:
    """`2 of 4, goal 90 %` as (2, 4)."""
    found = re.match(r"([\d,]*\d) of ([\d,]*\d)", page)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def test_every_number_of_the_boards_opens_as_many_rows_as_it_says(dana, renee, tuan, town):
    """Whoever has the work: Dana's, Tuan's and nobody's; and the number in the top bar is the list that it opens."""
    for number, owner in ((900001, None), (900002, DANA), (900003, TUAN), (900004, TUAN)):
        item = waits(number, due=NOW - timedelta(hours=1))
        if owner is not None:
            with unit_of_work(owner):
                take(item=item, by=owner, at=NOW - timedelta(minutes=30))
    board = renee.get("/desk/team/").context["panels"]
    for tile in board["top"][0].context["tiles"]:
        shown = renee.get(tile.url)
        assert counted(tile.note) == (words(shown).count(" Yes"), shown.context["grid"].total), tile.label
    lists = [row.record for row in board["main"][0].context["grid"].table.rows]
    unit = renee.get("/lead/work/").context["panels"]["main"]
    lists += [row.record for panel in unit for row in panel.context["grid"].table.rows]
    lists += [row.record for panel in renee.get("/lead/work/").context["panels"]["side"]
              for row in panel.context["grid"].table.rows]  # fmt: skip
    assert {row["waiting"] for row in lists} > {1, 2}
    for row in lists:
        assert renee.get(row["url"]).context["grid"].total == row["waiting"], row
    for clerk in (dana, tuan, renee):
        work = clerk.get("/desk/work/")
        (waiting,) = (count for place, count in work.context["shell"].waiting if place.label == "Work")
        assert waiting == work.context["grid"].total


# CSR-11


def test_csr_11_a_log_is_written_searched_corrected_by_a_second_entry_and_taken_out(dana, renee):
    fills(renee, "/desk/logs/do/usual/")
    keys = "/desk/logs/key-log/"
    assert "Fill in “Key”" in words(fills(dana, f"{keys}do/write/", said1="Out", said2="Sam Whitlock"))
    fills(dana, f"{keys}do/write/", said0="Vault 2", said1="Out", said2="Sam Whitlock")
    fills(dana, f"{keys}do/write/", said0="Lobby", said1="Back", said2="Tuan Pham")
    found = words(dana.get(f"{keys}?q=vault"))
    assert "Vault 2 Out Sam Whitlock" in found
    assert "Lobby" not in found
    fills(dana, f"{keys}1/do/correct/", said2="Una Reed")
    shown = words(dana.get(keys))
    assert "wrong: see line 3" in shown
    assert "corrects line 1" in shown
    assert "was corrected already" in words(fills(dana, f"{keys}1/do/correct/", said2="Kip"))
    csv = b"".join(dana.get(f"{keys}?export=csv").streaming_content).decode("utf-8-sig")
    assert csv.splitlines()[0] == "Line,Written,Key,What,Who has it,Note,By,Correction"
    assert len(csv.splitlines()) == 4
    assert [line.number for line in LogLine.objects.order_by("number")] == [1, 2, 3]


def test_csr_11_a_log_of_ones_own_has_columns_that_check_what_is_written(dana, renee):
    begun = {"title": "Vault count", "columns": "Counted: money\nOn: day\nBy whom: bag"}
    assert "Line 3: write “Name: kind”" in words(fills(renee, "/desk/logs/do/begin/", **begun))
    fills(renee, "/desk/logs/do/begin/", title="Vault count", columns="Counted: money\nOn: day")
    url = "/desk/logs/vault-count/do/write/"
    assert "amount in dollars" in words(fills(dana, url, said0="a lot", said1=FRIDAY))
    fills(dana, url, said0="$1,200.5", said1=FRIDAY)
    assert LogLine.objects.get().values == ["1200.50", FRIDAY]
    assert "$1,200.50" in words(dana.get("/desk/logs/vault-count/"))
    assert dana.get("/desk/logs/do/begin/").status_code == 403


# CSR-13

QUIZ = "When may power go off?\n- On a Friday\n+ On a Tuesday\n\nWho decides?\n+ Renee\n- Anybody"


def test_csr_13_a_colleague_learns_a_module_and_the_record_says_when_it_was_passed(renee, tuan):
    fills(renee, "/lead/training/do/make/", title="Shut-offs", text="Never on a Friday.", questions=QUIZ, percent="100")
    module = Module.objects.get()
    fills(renee, f"/lead/training/{module.pk}/do/assign/", people=["tuan"], due_on="2026-11-24")
    assert "Shut-offs" in words(tuan.get("/desk/?panel=learn"))
    url = f"/desk/training/{module.pk}/"
    assert "Never on a Friday" in words(tuan.get(url))
    assert fills(tuan, f"{url}do/try/", answer0="1").status_code == 422
    fills(tuan, f"{url}do/try/", answer0="0", answer1="0")
    assert "Not passed: read it again. 1 of 2 right" in words(tuan.get(url))
    fills(tuan, f"{url}do/try/", answer0="1", answer1="0")
    record = words(renee.get("/lead/training/"))
    assert "Tuan Pham Shut-offs, version 1 Tue, Nov 24, 2026 Passed Fri, Nov 20, 2026" in record
    assert "Shut-offs" not in words(tuan.get("/desk/?panel=learn"))


def test_csr_13_work_is_assigned_looked_at_and_given_back_to_be_done_again(renee, tuan, town):
    item = waits(900010, due=NOW + timedelta(hours=3))
    fills(renee, f"/lead/work/items/{item.pk}/do/assign/", to="tuan", remark="He knows her")
    assert "Owner: Tuan Pham" in words(tuan.get(f"/desk/work/{item.pk}/"))
    fills(tuan, f"/desk/work/{item.pk}/do/finish/", outcome="nothing")
    assert "Tuan Pham" in words(renee.get("/lead/work/finished/"))
    look = f"/lead/work/items/{item.pk}/do/review/"
    assert "Say what to do otherwise" in words(fills(renee, look, verdict="again"))
    fills(renee, look, verdict="again", words="She asked twice. Answer her.")
    item.refresh_from_db()
    assert (item.state, item.owner) == ("open", None)
    assert "Everything was looked at" in words(renee.get("/lead/work/finished/"))
    assert "may not work this list" in words(fills(renee, f"/lead/work/items/{item.pk}/do/assign/", to="omar"))


# SUP-01


def test_sup_01_work_is_seen_by_desk_age_and_owner_and_moved_to_who_has_time(renee, dana, tuan, town):
    for number in range(900020, 900023):
        waits(number, due=NOW - timedelta(hours=number - 900019))
    with unit_of_work(DANA):
        Item.objects.filter(subject__startswith="contact:90002").update(owner=str(DANA), state="taken")
    assert "Messages to answer Service Dana Reyes 3 3" in words(renee.get("/lead/work/"))
    moved = {"kind": "cases.message", "whose": "dana", "count": "2", "to": "tuan"}
    assert fills(renee, "/lead/work/do/move/", **moved).status_code in DONE
    shown = words(renee.get("/lead/work/"))
    assert "Dana Reyes 1 1" in shown
    assert "Tuan Pham 2 2" in shown
    oldest = Item.objects.filter(owner=str(TUAN)).order_by("due_at").first()
    assert oldest.subject == "contact:900022", "the most urgent first"
    assert fills(renee, "/lead/work/do/move/", **{**moved, "count": "5"}).status_code in DONE, "as many as there are"
    assert "Tuan Pham 3 3" in words(renee.get("/lead/work/"))
    assert "has nothing of this list" in words(fills(renee, "/lead/work/do/move/", **moved))


def test_sup_01_the_register_shows_each_rule_of_law_with_its_citation_and_its_days(renee, dana):
    terms = {"customer_class": "residential", "citation": "Resolution 26-11", "on": FRIDAY}
    fills(renee, "/lead/deposits/do/set/", **terms)
    shown = words(renee.get("/lead/compliance/"))
    assert "Resolution 26-11, since Fri, Nov 20, 2026" in shown
    for said in ("Notice days 10 The notice gives at least ten days. Public Utilities Code 10010.1(a)",
                 "Medical certificate", "In force since Tue, Jan 1, 2019", "Washington"):  # fmt: skip
        assert said in shown, said
    assert dana.get("/lead/compliance/").status_code == 403
