"""Write to customers about debts: reminders, past-due notices, plans. What can't be written waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.credit.kinds import UNTOLD
from lamplighter.credit.law.days import clock
from lamplighter.credit.law.parameters import Pack
from lamplighter.credit.models import Arrangement, Extension
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import Request, drafts
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to an account's customer; `source` names what asks for it, so that it is written once."""

    code: str
    source: str
    subject: str
    values: Mapping[str, Value]


@in_transaction
def write(
    letter: Letter, *, account: Account, on: date, by: Actor, at: datetime, untold: str = UNTOLD.key
) -> Notice | None:
    """Compose it in the customer's language and queue it; None where it could not be written and somebody must look:
    `untold` is the kind of work that this becomes."""
    known = profile(account, on=on)
    lines = (known.reach.mailing or (known.premise.label if known.premise else "")).splitlines()
    if known.customer is None:
        _untold(untold, letter, account, "nobody stands on the account", by=by, at=at)
        return None
    standing: dict[str, Value] = {
        "customer": known.customer.name, "account": account.number, "sent": on,
        "premise": known.premise.address if known.premise else lines[0] if lines else account.number,
    }  # fmt: skip
    request = Request(
        letter.code, Channel.LETTER, Language(known.customer.language), letter.source, letter.subject,
        f"person:{known.customer.number}", (known.customer.name, *lines), {**standing, **letter.values},
        account=account.pk,
    )  # fmt: skip
    made = drafts([request])
    if made.refused:
        _untold(untold, letter, account, made.refused[0].finding.code, by=by, at=at)
        return None
    (notice,) = compose(drafts=made.drafts, by=by, at=at)
    queue(notices=[notice], by=by, at=at)
    finish_where(subjects=[letter.subject], by=by, at=at, kind=untold)
    return notice


def plan_made(plan: Arrangement) -> Letter:
    parts = list(plan.instalments.order_by("place"))
    values: dict[str, Value] = {
        "total": plan.total, "parts": len(parts), "first": parts[0].amount, "first_due": parts[0].due_on,
        "part": parts[-1].amount, "next_due": parts[min(1, len(parts) - 1)].due_on, "last_due": parts[-1].due_on,
    }  # fmt: skip
    return Letter("plan-made", f"plan-made:{plan.pk}", plan.subject, values)


def plan_ended(plan: Arrangement, left: Money) -> Letter:
    return Letter("plan-ended", f"plan-ended:{plan.pk}", plan.subject, {"left": left, "how": str(plan.outcome)})


def more_time(given: Extension) -> Letter:
    values: dict[str, Value] = {"amount": given.amount, "until": given.until}
    return Letter("more-time", f"more-time:{given.pk}", given.subject, values)


def asks(code: str, source: str, amount: Money) -> Letter:
    """A letter that only asks: the courtesy reminder, and the last letter about a final bill."""
    return Letter(code, f"{code}:{source}", source, {"amount": amount})


def past_due_notice(source: str, amount: Money, *, on: date, pack: Pack) -> Letter:
    """The notice from which the law counts; its days are those of a mailing on `on`."""
    days = clock(on, pack)
    values: dict[str, Value] = {
        "amount": amount, "pay_by": days.pay_by, "off_on": days.off_on, "ask_by": days.ask_by,
    }  # fmt: skip
    return Letter("past-due", f"past-due:{source}", source, values)


def _untold(kind: str, letter: Letter, account: Account, why: str, *, by: Actor, at: datetime) -> None:
    matter = Draft(
        kind, letter.subject, f"{letter.code} could not be written", account=account.pk, dedupe=letter.source,
        data={"why": why},
    )  # fmt: skip
    raise_items(drafts=[matter], by=by, at=at)
