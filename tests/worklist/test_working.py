"""An item is taken by one, and its steps say who, when and why."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from lamplighter.platform.models import Event, Remark, User
from lamplighter.platform.operations.users import add_user
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist import kinds
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import CannotWork, assign, dismiss, finish, raise_items, release, reopen, take
from lamplighter.worklist.queries import steps_of
from tests.together import at_once
from tests.worklist.conftest import AT, DANA, MEI_LING, NIGHT, RENEE, RETURNED, returned


@pytest.fixture
def item(raised):
    raised(returned())
    return Item.objects.get()


def acts(item):
    return [(step.act, step.by.key, step.owner and step.owner.key) for step in steps_of(item)]


def test_take_and_finish(item):
    take(item=item, by=DANA, at=AT)
    done = finish(item=item, outcome="reversed", by=DANA, at=AT + timedelta(minutes=5), remark="Second time this year")
    assert (done.state, done.outcome, done.owner) == ("done", "reversed", DANA)
    assert acts(item) == [("raised", "nightly", None), ("taken", "dana", "dana"), ("finished", "dana", "dana")]
    assert str(steps_of(item).last().remark) == "Second time this year"


def test_finishing_an_open_item_takes_it_first(item):
    finish(item=item, outcome="redeposited", by=DANA, at=AT)
    assert [act for act, *_ in acts(item)] == ["raised", "taken", "finished"]


def test_a_colleague_is_told_who_has_it(item, mei_ling):
    take(item=item, by=MEI_LING, at=AT)
    take(item=item, by=MEI_LING, at=AT)
    for act in (
        lambda: take(item=item, by=DANA, at=AT),
        lambda: release(item=item, by=DANA, at=AT),
        lambda: finish(item=item, outcome="reversed", by=DANA, at=AT),
        lambda: dismiss(item=item, by=DANA, at=AT, remark="No"),
    ):
        with pytest.raises(CannotWork, match="Mei-Ling Tso has had this since Fri, Nov 20 at 10:00 am"):
            act()
    assert len(acts(item)) == 2


def test_put_back_for_anyone(item):
    take(item=item, by=MEI_LING, at=AT)
    release(item=item, by=MEI_LING, at=AT)
    with pytest.raises(CannotWork, match="Nobody has this"):
        release(item=item, by=MEI_LING, at=AT)
    assert take(item=item, by=DANA, at=AT).owner == DANA


def test_a_lead_gives_it_to_somebody_whoever_had_it(item, mei_ling):
    take(item=item, by=DANA, at=AT)
    assert assign(item=item, to=mei_ling, by=RENEE, at=AT, remark="Speaks Cantonese").owner == MEI_LING
    assert acts(item)[-1] == ("assigned", "renee", "meiling")


def test_it_is_given_only_to_active_staff(item, mei_ling):
    customer = add_user(username="hoa", name="Thi Hoa Nguyen", kind="customer", by=NIGHT, at=AT)
    User.objects.filter(pk=mei_ling.pk).update(is_active=False)
    for user in (customer, User.objects.get(pk=mei_ling.pk)):
        with pytest.raises(CannotWork, match="active member of staff"):
            assign(item=item, to=user, by=RENEE, at=AT)


def test_the_outcome_is_one_of_the_kinds(item):
    with pytest.raises(CannotWork, match="Reverse it, Deposit it again"):
        finish(item=item, outcome="whatever", by=DANA, at=AT)
    assert len(acts(item)) == 1


def test_dismissing_says_why(item):
    with pytest.raises(CannotWork, match="Say why"):
        dismiss(item=item, by=DANA, at=AT, remark="  ")
    dismiss(item=item, by=DANA, at=AT, remark="Paid in cash since")
    with pytest.raises(CannotWork, match="already dismissed Fri, Nov 20"):
        finish(item=item, outcome="reversed", by=DANA, at=AT)


def test_what_was_not_done_is_opened_again_and_due_anew(item):
    finish(item=item, outcome="reversed", by=DANA, at=AT)
    monday = AT + timedelta(days=3)
    with pytest.raises(CannotWork, match="Say why"):
        reopen(item=item, by=RENEE, at=monday, remark="")
    again = reopen(item=item, by=RENEE, at=monday, remark="Reversed the wrong one")
    assert (again.state, again.owner, again.outcome, again.ended_at) == ("open", None, "", None)
    assert again.due_at == monday + timedelta(hours=7)
    with pytest.raises(CannotWork, match="still open"):
        reopen(item=item, by=RENEE, at=monday, remark="Again")


def test_it_is_not_opened_beside_its_successor(item, raised):
    finish(item=item, outcome="reversed", by=DANA, at=AT)
    raised(returned())
    with pytest.raises(CannotWork, match="raised again since"):
        reopen(item=item, by=RENEE, at=AT, remark="Wrong one")
    assert Item.objects.get(pk=item.pk).state == "done"
    assert len(acts(item)) == 3


def test_work_that_is_no_longer_done_can_only_be_dismissed(item):
    kinds._declared.pop(RETURNED.key)
    with pytest.raises(CannotWork, match="no longer done"):
        finish(item=item, outcome="reversed", by=DANA, at=AT)
    assert dismiss(item=item, by=DANA, at=AT, remark="Old").state == "dismissed"


def test_every_act_is_an_event_on_the_accounts_timeline_without_its_words(item):
    take(item=item, by=DANA, at=AT)
    finish(item=item, outcome="reversed", by=DANA, at=AT, remark="Her son called")
    told = list(Event.objects.filter(account=7).order_by("id"))
    assert [e.name for e in told] == ["worklist.item.taken", "worklist.item.finished"]
    assert told[1].data == {
        "kind": "payments.returned", "about": "payment:1", "owner": "staff:dana", "outcome": "reversed",
    }  # fmt: skip
    assert [r.words for r in Remark.objects.all()] == ["Her son called"]
    assert told[1].remark == steps_of(item).last().remark


def test_of_two_who_take_at_once_one_wins_and_the_other_is_told(committed):
    with unit_of_work(NIGHT):
        raise_items(drafts=[returned()], at=AT, by=NIGHT)
    item = Item.objects.get()
    ended = at_once(*(partial(take, item=item, by=by, at=AT) for by in (DANA, MEI_LING)))
    (told,) = (str(one) for one in ended if isinstance(one, CannotWork))
    won = Item.objects.get().owner
    assert ended.index(item) == [DANA, MEI_LING].index(won)
    assert told == f"{won.key} has had this since Fri, Nov 20 at 10:00 am. Ask them, or have it assigned."


def test_two_who_raise_at_once_raise_one_item(committed):
    drafts = [returned(f"payment:{n}") for n in range(200)]
    ended = at_once(*(partial(raise_items, drafts=some, at=AT, by=NIGHT) for some in (drafts, drafts[::-1])))
    assert [one for one in ended if isinstance(one, Exception)] == []
    assert Item.objects.count() == 200
    assert set(Item.objects.values_list("times", flat=True)) == {2}
