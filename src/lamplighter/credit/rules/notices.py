"""Whether a debt was noticed as the law asks: what is owed under which notice, its days, and the last contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from lamplighter.credit.law.days import clock, notice_from
from lamplighter.credit.rules.bars import Answer, cleared_on
from lamplighter.credit.rules.facts import How, Mailing
from lamplighter.kernel.money import Money, total

if TYPE_CHECKING:
    from lamplighter.credit.rules.certificate import Moment


def debt(moment: Moment) -> Answer:
    """What is past due is at least the minimum."""
    rule = moment.pack.minimum_debt
    late = total(debt.amount for debt in moment.facts.debts if debt.due_on < moment.day)
    if late < rule.value:
        return False, f"{late} is past due. {rule.says}", rule.cites
    return True, f"{late} is past due.", rule.cites


def notice(moment: Moment) -> Answer:
    """A notice for enough of the debt was mailed in time, did not come back, and its days are over."""
    rule = moment.pack.notice_days
    counted = _counted(moment)
    if not counted:
        return False, "No notice of this debt that counts has been mailed.", rule.cites
    best = min(clock(each.mailed_on, moment.pack).off_on for each in counted)
    if best > moment.day:
        return False, f"Earliest turn-off is {best:%a, %b %-d}.", rule.cites
    return True, f"The notice's days ended; earliest turn-off was {best:%a, %b %-d}.", rule.cites


def contact(moment: Moment) -> Answer:
    """After the notice somebody was reached in time; or an attempt failed and a notice was left in time."""
    short, long = moment.pack.contact_hours, moment.pack.posted_hours
    since = _served(moment)
    if since is None:
        return False, short.says, short.cites
    mine = [each for each in moment.facts.contacts if each.at.astimezone(moment.local.tzinfo).date() >= since]
    tried = [each for each in mine if each.how in (How.PHONE, How.VISIT)]
    if any(each.reached and moment.at - each.at >= timedelta(hours=short.value) for each in tried):
        return True, short.says, short.cites
    left = any(each.how is How.POSTED and moment.at - each.at >= timedelta(hours=long.value) for each in mine)
    early = any(moment.at - each.at >= timedelta(hours=short.value) for each in tried)
    return early and left, f"{short.says} {long.says}", long.cites


def off_on(moment: Moment) -> date | None:
    """The first day that any counted notice allows."""
    return min((clock(each.mailed_on, moment.pack).off_on for each in _counted(moment)), default=None)


def _counted(moment: Moment) -> list[Mailing]:
    """Notices that stand: not returned, not spent, not too old, and for enough of what is still owed."""
    cleared, lasts = cleared_on(moment), timedelta(days=moment.pack.notice_lasts_days.value)
    least = moment.pack.minimum_debt.value
    return [
        each
        for each in moment.facts.mailings
        if not each.failed
        and each.mailed_on <= moment.day <= each.mailed_on + lasts
        and (cleared is None or each.mailed_on >= cleared.date())
        and min(each.amount, _owed_under(each, moment)) >= least
    ]


def _owed_under(mailing: Mailing, moment: Moment) -> Money:
    """What is past due of the bills that were old enough when the notice was mailed; one without a proof is not."""
    return total(
        debt.amount
        for debt in moment.facts.debts
        if debt.due_on < moment.day
        and debt.mailed_on is not None
        and notice_from(debt.mailed_on, moment.pack) <= mailing.mailed_on
    )


def _served(moment: Moment) -> date | None:
    """The day of the first counted notice whose days are over."""
    over = [each for each in _counted(moment) if clock(each.mailed_on, moment.pack).off_on <= moment.day]
    return min((each.mailed_on for each in over), default=None)
