"""Write to an account's customer the way they get their bills: by email where they chose it, else as a letter."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.journeys.dunning import Letter
from lamplighter.kernel.actors import Actor
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import Request, drafts
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, raise_items


@in_transaction
def tell(letter: Letter, *, account: Account, untold: str, on: date, by: Actor, at: datetime) -> Notice | None:
    """Compose and queue it in the customer's language; None where it could not be written, which becomes work of the
    kind `untold`."""
    known = profile(account, on=on)
    person = known.customer
    if person is None:
        _untold(untold, letter, account, "nobody stands on the account", by=by, at=at)
        return None
    email = account.dispatch == Account.Dispatch.EMAIL and bool(known.reach.email)
    lines = (known.reach.mailing or (known.premise.label if known.premise else "")).splitlines()
    standing: dict[str, Value] = {
        "customer": person.name, "account": account.number, "sent": on,
        "premise": known.premise.address if known.premise else lines[0] if lines else account.number,
    }  # fmt: skip
    made = drafts([
        Request(
            letter.code, Channel.EMAIL if email else Channel.LETTER, Language(person.language), letter.source,
            letter.subject, f"person:{person.number}", (known.reach.email,) if email else (person.name, *lines),
            {**standing, **letter.values}, account=account.pk,
        )
    ])  # fmt: skip
    if made.refused:
        _untold(untold, letter, account, made.refused[0].finding.code, by=by, at=at)
        return None
    (notice,) = compose(drafts=made.drafts, by=by, at=at)
    queue(notices=[notice], by=by, at=at)
    return notice


def _untold(kind: str, letter: Letter, account: Account, why: str, *, by: Actor, at: datetime) -> None:
    matter = Draft(
        kind, letter.subject, f"{letter.code} could not be written", account=account.pk, dedupe=letter.source,
        data={"why": why},
    )  # fmt: skip
    raise_items(drafts=[matter], by=by, at=at)
