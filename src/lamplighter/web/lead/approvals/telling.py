"""What an approval would do, in words, by its kind."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.billing.operations.crediting import APPROVAL as CREDIT
from lamplighter.billing.operations.crediting import REASONS
from lamplighter.billing.operations.deciding import ACTS
from lamplighter.billing.operations.deciding import APPROVAL as DEPOSIT
from lamplighter.credit.models import WriteOff
from lamplighter.credit.operations.writingoff import APPROVAL as WRITE_OFF
from lamplighter.credit.rules.hardship import Cause, HardshipPolicy
from lamplighter.journeys.amending import APPROVAL as AMENDMENT
from lamplighter.journeys.amending import BillLine
from lamplighter.journeys.easing import APPROVAL as HARDSHIP
from lamplighter.journeys.governing import told as changes_told
from lamplighter.journeys.granting import APPROVAL as GRANT
from lamplighter.journeys.guaranteeing import APPROVAL as GUARANTOR
from lamplighter.journeys.invoicing import APPROVAL as INVOICE
from lamplighter.kernel.money import ZERO, Money
from lamplighter.keyaccounts.models import TermsDraft
from lamplighter.keyaccounts.operations.negotiating import APPROVAL as CONTRACT
from lamplighter.keyaccounts.terms import in_words, terms_of
from lamplighter.ledger.models import Code, Settlement
from lamplighter.ledger.operations.settling import SETTLE, TAKE_BACK
from lamplighter.ledger.queries import balances
from lamplighter.notices.operations.templates import ADOPTION as TEMPLATE
from lamplighter.notices.operations.templates import RETIREMENT
from lamplighter.outreach.models import Announcement
from lamplighter.outreach.queries.announced import addressed
from lamplighter.outreach.queries.announcements import APPROVAL as ANNOUNCEMENT
from lamplighter.payments.operations.refunding import APPROVAL as REFUND
from lamplighter.platform.models import Approval
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.policies.models import Version
from lamplighter.policies.queries.texts import ADOPTION as POLICY
from lamplighter.programs.operations.granting import MONEY_IN
from lamplighter.ratestudies.models import Move
from lamplighter.ratestudies.operations.moving import MOVES
from lamplighter.rebates.queries.standing import CLAWBACK, PAYMENT
from lamplighter.rebates.rules.qualifying import Way
from lamplighter.tariffs.operations import ADOPTION as TARIFF
from lamplighter.web.desk.amending.showing import lines_told
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import day


def told(found: Approval, *, on: date) -> list[Fact]:
    """Exactly what will be done, with links to what it is about, and what the account owes before and after."""
    account = Account.objects.filter(pk=found.account or 0).annotate(customer=customer_of("pk")).first()
    facts = _OF_THEIR_OWN.get(found.kind, _about)(found, on)
    if account is not None:
        link = Link("Open", reverse("desk:account", args=[account.number]))
        facts.append(Fact("Account", f"{account.customer}, {account.number}", link))
        if found.kind in {CREDIT, REFUND} and found.state == Approval.State.WAITING:
            facts += _owes(account, found, on)
    return facts


def _about(found: Approval, on: date) -> list[Fact]:
    asked = found.proposal
    match found.kind:
        case kind if kind == TARIFF:
            link = Link("Read what changes", reverse("admin-desk:version", args=[asked["version"]]))
            return [Fact("Rate", found.summary.removeprefix("Adopt "), link), Fact("SHA-256", asked["sha256"][:16])]
        case kind if kind in {TEMPLATE, RETIREMENT}:
            link = Link("Read it", reverse("admin-desk:template", args=[asked["template"]]))
            return [Fact("Template", f"{asked['code']} ({asked['channel']}), version {asked['version']}", link)]
        case kind if kind == MOVES:
            return [Fact("From", asked["effective_on"]), *moves_told(asked["moves"])]
        case kind if kind == AMENDMENT:
            lines = [BillLine.of(kept) for kept in asked["lines"]]
            return [Fact("Correct", found.summary.rpartition(":")[0]), *lines_told(lines, on)]
        case kind if kind in {
            CREDIT,
            REFUND,
            DEPOSIT,
            WRITE_OFF,
            PAYMENT,
            CLAWBACK,
            CONTRACT,
            GRANT,
            MONEY_IN,
            GUARANTOR,
        }:
            return _about_contract(found) if kind == CONTRACT else _about_money(found)
    return [Fact(name.replace("_", " ").capitalize(), str(value)) for name, value in asked.items()]


def _about_text(found: Approval, on: date) -> list[Fact]:
    """The words to read, and every figure that becomes another with them."""
    asked = found.proposal
    version = Version.objects.select_related("text").get(pk=asked["version"])
    link = Link("Read what it says", reverse("desk:text-version", args=[version.text.slug, version.number]))
    changes = [Fact(f"{one.parameter}: {one.label}", f"{one.before} to {one.after}") for one in changes_told(version)]
    return [
        Fact(str(version.text.get_kind_display()), str(version), link),
        *([Fact("Resolution", version.citation)] if version.citation else []),
        Fact("Why it changes", version.why),
        Fact("In force from", day(date.fromisoformat(asked["since"]), on)),
        *(changes or [Fact("Figures", "None change with it")]),
        Fact("SHA-256", asked["sha256"][:16]),
    ]


def _about_hardship(found: Approval, on: date) -> list[Fact]:
    """What happened, what showed it, for how long, and what follows."""
    asked = found.proposal
    last = date.fromisoformat(asked["end"]) - timedelta(days=1)
    shown = Link("Open the paper", reverse("desk:hardship-paper", args=[found.pk])) if asked["paper"] else None
    months = policy_in_force(HardshipPolicy, on=on).plan_months
    return [
        Fact("Hardship", Cause(asked["cause"]).label),
        Fact("Shown by", asked["evidence"], shown),
        Fact("Until", day(last, on)),
        Fact("Opens", f"A plan of up to {months} months; no late or reconnection fees"),
    ]


def _about_settlement(found: Approval, on: date) -> list[Fact]:
    """Each line of the journal, and the statement that it settles."""
    asked = found.proposal
    through = date.fromisoformat(asked["through"])
    codes = Code.objects.in_bulk([code for code, _ in asked["lines"]])
    words = urlencode({"department": asked["department"], "through": asked["through"]})
    link = Link("Read the statement", f"{reverse('desk:department-due')}?{words}")
    return [
        Fact("Department", asked["department"], link if found.state == Approval.State.WAITING else None),
        Fact("Up to", day(through, on)),
        *(Fact(str(codes[code]), Money(cents)) for code, cents in asked["lines"]),
        Fact("City's pooled cash", -sum((Money(cents) for _, cents in asked["lines"]), ZERO)),
    ]


def _about_guarantor(found: Approval, _on: date) -> list[Fact]:
    return [Fact("Move", found.amount or "–"), Fact("To the guarantor", found.summary.rpartition(" ")[2])]


def _about_taking_back(found: Approval, on: date) -> list[Fact]:
    first = Settlement.objects.get(pk=found.proposal["settlement"])
    link = Link("Read the statement", reverse("desk:settlement", args=[first.pk]))
    return [Fact("Takes back", f"{first.number}, {first.department}, up to {day(first.through, on)}", link),
            Fact("Owed again", first.amount)]  # fmt: skip


def _about_money(found: Approval) -> list[Fact]:
    asked = found.proposal
    match found.kind:
        case kind if kind == CREDIT:
            reason = REASONS.get(asked["reason"])
            what = "Charge" if reason and reason.charges else "Give back"
            return [Fact(what, found.amount or "–"), Fact("As", reason.label if reason else asked["reason"])]
        case kind if kind == REFUND:
            return [Fact("Refund", found.amount or "–"), Fact("How", found.summary.rpartition(" by ")[2])]
        case kind if kind == DEPOSIT:
            return [Fact("Deposit", ACTS[asked["act"]].label), Fact("Amount", found.amount or "–")]
        case kind if kind in {PAYMENT, CLAWBACK}:
            return _about_rebate(found)
        case kind if kind in {GRANT, MONEY_IN}:
            return _about_fund(found)
    because = str(WriteOff.Reason(asked["reason"]).label)
    return [Fact("Write off", found.amount or "–"), Fact("Because", because)]


def _about_fund(found: Approval) -> list[Fact]:
    asked = found.proposal
    if found.kind == GRANT:
        link = Link("Open it with its papers", reverse("desk:grant", args=[asked["grant"]]))
        return [Fact("Grant", found.amount or "–", link)]
    link = Link("Open it", reverse("desk:fund", args=[asked["fund"]]))
    return [Fact("Put into the fund", Money(asked["cents"]), link), Fact("By resolution", asked["citation"])]


def _about_rebate(found: Approval) -> list[Fact]:
    asked = found.proposal
    link = Link("Open it with its papers", reverse("desk:rebate", args=[asked["application"]]))
    if found.kind == PAYMENT:
        money = [Fact("Pay", found.amount or "–"), Fact("How", Way(asked["way"]).label)]
    else:
        gone = day(date.fromisoformat(asked["gone_on"]))
        money = [Fact("Charge to the next bill", found.amount or "–"), Fact("Taken out on", gone)]
    return [Fact("Rebate", asked["application"], link), *money]


def _about_contract(found: Approval) -> list[Fact]:
    """The terms in words, the board's decision, and what the year's bills and margin would have been."""
    asked = found.proposal
    draft = TermsDraft.objects.select_related("clauses").get(pk=asked["draft"])
    return [
        Fact("Board", f"{asked['board']} of {asked['board_on']}"),
        *(Fact(label, words) for label, words in in_words(terms_of(asked["terms"])).items()),
        *([Fact("Other clauses", str(draft.clauses))] if draft.clauses else []),
        *(Fact(label, words) for label, words in asked["figures"]),
        Fact("SHA-256 of its clause", asked["sha256"][:16] or "It changes no bill"),
    ]


def moves_told(moves: list[int]) -> list[Fact]:
    """Each customer with the rate before and after, and why."""
    rows = Move.objects.filter(pk__in=moves).select_related("agreement__account", "present_schedule", "schedule")
    return [
        Fact(
            row.agreement.account.number, f"{row.present_schedule.code} to {row.schedule.code}: {row.why}",
            Link("Open", reverse("desk:account-rates", args=[row.agreement.account.number])),
        )
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _owes(account: Account, found: Approval, on: date) -> list[Fact]:
    """The balance before and after, and how often this account was given something back by a second person."""
    now = sum((one.current for one in balances(profile(account, on=on).subledgers).values()), ZERO)
    before = Approval.objects.filter(kind=found.kind, account=account.pk, state=Approval.State.APPROVED).count()
    reason = REASONS.get(found.proposal.get("reason", ""))
    owed_more = found.kind == REFUND or (reason is not None and reason.charges)
    amount = found.amount or ZERO
    return [
        Fact("Balance now", now),
        Fact("Balance after", now + amount if owed_more else now - amount),
        Fact("Approved before", f"{before} of this kind" if before else "none"),
    ]


def _about_announcement(found: Approval, on: date) -> list[Fact]:
    """Who would be told what, by which way and in which language, and who must confirm."""
    rows = Announcement.objects.select_related("contact", "follows").filter(pk=found.proposal["announcement"])
    announcement = rows.first()
    if announcement is None:
        return [Fact("Notice", "It was dropped since: nobody was told.")]
    reached = addressed(announcement, on=on)
    link = Link("Read it in each language", reverse("key:notice", args=[announcement.pk]))
    return [
        Fact(str(announcement.get_kind_display()), f"{announcement.get_news_display()}: {announcement}", link),
        Fact("Day", day(announcement.day, on)),
        Fact("Asked for", f"{found.proposal['letters']} people"),
        *(Fact(f"{channel}, {language}", count) for channel, language, count in reached.counts),
        Fact("Left out", len(reached.left_out) + len(reached.missing)),
        Fact("Critical customers to confirm", len(reached.critical)),
    ]


def _about_invoice(found: Approval, _on: date) -> list[Fact]:
    return [Fact("Bill", found.amount or "–"), Fact("For", found.proposal["label"])]


_OF_THEIR_OWN = {
    POLICY: _about_text, ANNOUNCEMENT: _about_announcement, HARDSHIP: _about_hardship,
    SETTLE: _about_settlement, TAKE_BACK: _about_taking_back, GUARANTOR: _about_guarantor,
    INVOICE: _about_invoice,
}  # fmt: skip
