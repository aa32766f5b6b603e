"""Control totals over the whole program: what must always hold, asked of the database as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, Sum

from lamplighter.accounts.models import AccountWords
from lamplighter.billing.queries.deposits import deposits_astray, deposits_held
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.credit.models import (
    Arrangement,
    AssistanceCheckLine,
    Forgiveness,
    JudgedBill,
    Pledge,
    Recovery,
    Referral,
    WriteOff,
)
from lamplighter.credit.queries.control import (
    agencies_astray,
    checks_astray,
    decisions_astray,
    differences,
    write_offs_astray,
)
from lamplighter.credit.queries.forgiving import forgiveness_astray
from lamplighter.credit.queries.openitems import items_astray
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import queries as ledger
from lamplighter.ledger.models import Entry, PeriodExtract, Posting, Settlement
from lamplighter.ledger.queries.closing import extracts_astray
from lamplighter.ledger.queries.settling import unsettled_astray
from lamplighter.payments.cash.chain import broken, broken_seals, untold_tenders
from lamplighter.payments.cash.tying import ties, untied
from lamplighter.payments.models import DraftFile, JournalLine, Payment, Tender, TenderControl
from lamplighter.payments.queries import periods
from lamplighter.platform.queries.references import astray, references
from lamplighter.programs.models import AssistanceFund
from lamplighter.programs.queries.funds import funds_astray, standing_of
from lamplighter.programs.queries.shares import borne_together, shares_astray


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that must hold: its name, the totals that show it, and every difference (none, if it holds)."""

    name: str
    totals: tuple[tuple[str, str], ...]
    differences: tuple[str, ...]


def controls() -> list[Control]:
    """Every control in the order in which a person would ask."""
    return [control() for control in CONTROLS]


def books_balance() -> Control:
    """Entries balance, control codes equal their sub-ledgers, and all codes together are zero."""
    found = ledger.differences()
    debits = sum((code.payoff.cents for code in ledger.trial_balance() if code.payoff.cents > 0), 0)
    totals = (
        ("entries", f"{Entry.objects.count():,}"),
        ("postings", f"{Posting.objects.count():,}"),
        ("debit balances", str(Money(debits))),
    )
    return Control(
        "the ledger balances",
        totals,
        tuple(f"{d.what} {d.where}: expected {d.expected}, found {d.found}" for d in found),
    )


def subledgers_are_owned() -> Control:
    """Every sub-ledger account with postings belongs to an agreement, under the agreement's own control code."""
    lost = _strings(
        "SELECT 'sub-ledger ' || s.id FROM ledger_subledger s LEFT JOIN accounts_agreement a ON a.subledger_id = s.id "
        "WHERE a.id IS NULL AND EXISTS (SELECT 1 FROM ledger_posting p WHERE p.subledger_id = s.id)"
    )
    receivable = Posting.objects.filter(subledger__isnull=False).aggregate(payoff=Sum("payoff"))["payoff"] or ZERO
    return Control("every balance belongs to an agreement", (("sub-ledger", str(receivable)),), tuple(lost))


def references_lead_somewhere() -> Control:
    """What a row refers to is there, where the database has no foreign key that says so."""
    kept = ", ".join(sorted({model._meta.db_table for model, _ in references()}))
    return Control("what rows refer to is there", (("looked at", kept),), tuple(astray()))


def tenders_are_controlled() -> Control:
    """Tenders equal payments in every event, stand in a control, and equal what was posted to its code."""
    unequal = _strings(
        "SELECT 'receipt ' || e.receipt || ': tenders ' || coalesce(t.sum, 0) || ', payments ' || coalesce(p.sum, 0) "
        "FROM payments_paymentevent e "
        "LEFT JOIN (SELECT event_id, sum(amount) FROM payments_tender GROUP BY 1) t ON t.event_id = e.id "
        "LEFT JOIN (SELECT event_id, sum(amount) FROM payments_payment GROUP BY 1) p ON p.event_id = e.id "
        "WHERE t.sum IS DISTINCT FROM p.sum"
    )
    unposted = _strings(
        "SELECT 'payment ' || p.id || ': ' || p.amount || ' paid, ' || coalesce(sum(l.payoff), 0) || ' posted' "
        "FROM payments_payment p LEFT JOIN ledger_posting l ON l.entry_id = p.entry_id AND l.payoff > 0 "
        "GROUP BY p.id HAVING coalesce(sum(l.payoff), 0) <> p.amount"
    )
    split = _strings(
        "SELECT 'payment ' || p.id || ': segments do not add up' FROM payments_payment p "
        "LEFT JOIN payments_paymentsegment s ON s.payment_id = p.id GROUP BY p.id "
        "HAVING coalesce(sum(s.amount), 0) <> p.amount"
    )
    tendered = Tender.objects.aggregate(sum=Sum("amount"), count=Count("id"))
    paid = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or ZERO
    totals = (
        ("tenders", f"{tendered['count']:,}"),
        ("tendered", str(tendered["sum"] or ZERO)),
        ("paid", str(paid)),
    )
    return Control("every tender is in a control", totals, tuple(unequal + unposted + split))


def departments_are_settled() -> Control:
    """What is owed to departments of the city is what was not settled: journals moved what their statements say."""
    posted = Settlement.objects.aggregate(count=Count("id"), sum=Sum("amount"))
    totals = (("settlements", f"{posted['count']:,}"), ("settled", str(posted["sum"] or ZERO)))
    return Control("departments are owed what is not settled", totals, tuple(unsettled_astray()))


def sources_are_balanced() -> Control:
    """Periods of sources that take payments by themselves are a day's at most; a balanced one is what its sender said,
    or somebody explained the difference."""
    long = _strings(
        "SELECT s.name || ': a period has payments of ' || count(DISTINCT e.received_on) || ' days' "
        "FROM payments_tendercontrol c JOIN payments_tendersource s ON s.key = c.source_id AND s.kind <> 'drawer' "
        "JOIN payments_tender t ON t.control_id = c.id JOIN payments_paymentevent e ON e.id = t.event_id "
        "WHERE c.state = 'open' GROUP BY c.id, s.name HAVING max(e.received_on) - min(e.received_on) > 1"
    )
    apart = _strings(
        "SELECT s.name || ': a balanced period differs from its sender''s total' "
        "FROM payments_controltotal o JOIN payments_tendercontrol c ON c.id = o.control_id "
        "JOIN payments_tendersource s ON s.key = c.source_id "
        "WHERE c.state = 'balanced' AND NOT EXISTS (SELECT FROM payments_controltotal y "
        "WHERE y.control_id = c.id AND (y.equal OR y.reason <> ''))"
    )
    waiting = periods().filter(state=TenderControl.State.BALANCING).count()
    totals = (("periods", f"{periods().count():,}"), ("waiting for a total", f"{waiting:,}"))
    return Control("every source balances by the day", totals, tuple(long + apart))


def drafts_add_up() -> Control:
    """Every file of drafts is the sum of its payments; a payment that came back was taken back."""
    apart = _strings(
        "SELECT 'autopay file ' || f.number || ': ' || f.amount || ' in the file, ' || coalesce(sum(t.amount), 0) "
        "|| ' paid' FROM payments_draftfile f LEFT JOIN payments_draftstep s ON s.file_id = f.number "
        "LEFT JOIN payments_tender t ON t.event_id = s.event_id "
        "GROUP BY f.number HAVING f.amount <> coalesce(sum(t.amount), 0)"
    )
    kept = _strings(
        "SELECT 'draft ' || s.draft_id || ' came back, and its payment stands' FROM payments_draftstep b "
        "JOIN payments_draftstep s ON s.draft_id = b.draft_id AND s.act = 'sent' AND s.event_id IS NOT NULL "
        "LEFT JOIN payments_reversal r ON r.event_id = s.event_id WHERE b.act = 'returned' AND r.event_id IS NULL"
    )
    drawn = DraftFile.objects.aggregate(sum=Sum("amount"), count=Count("number"))
    totals = (("files", f"{drawn['count']:,}"), ("drawn", str(drawn["sum"] or ZERO)))
    return Control("every file of drafts adds up", totals, tuple(apart + kept))


def bills_recompute() -> Control:
    """Every frozen segment comes out again, to the byte, from what it keeps; lines and books say the same."""
    wrong, count, total = [], 0, 0
    for one in recompute_all():
        count, total = count + 1, total + one.total.cents
        if one.difference:
            wrong.append(f"segment {one.segment}: {one.difference}")
    wrong += _strings(
        "SELECT 'segment ' || s.id || ': ' || s.total || ' frozen, ' || coalesce(l.sum, 0) || ' in lines' "
        "FROM billing_segment s LEFT JOIN (SELECT segment_id, sum(amount) FROM billing_billline GROUP BY 1) l "
        "ON l.segment_id = s.id WHERE s.total <> coalesce(l.sum, 0)"
    )
    wrong += _strings(
        "SELECT 'segment ' || s.id || ': ' || s.total || ' frozen, ' || coalesce(sum(p.payoff), 0) || ' posted' "
        "FROM billing_segment s LEFT JOIN ledger_posting p ON p.entry_id = s.entry_id AND p.subledger_id IS NOT NULL "
        "GROUP BY s.id HAVING s.total <> coalesce(sum(p.payoff), 0)"
    )
    totals = (("segments", f"{count:,}"), ("frozen", str(Money(total))))
    return Control("every frozen bill recomputes to the cent", totals, tuple(wrong))


def plans_add_up() -> Control:
    """Every arrangement is the sum of its debts and of its instalments; its balances say what was asked and paid."""
    running = Arrangement.objects.filter(ended_on__isnull=True).aggregate(sum=Sum("total"), count=Count("id"))
    totals = (("running", f"{running['count']:,}"), ("taken over", str(running["sum"] or ZERO)))
    return Control("every arrangement adds up", totals, tuple(differences()))


def forgiveness_holds() -> Control:
    """What is set aside is what was taken over less what was forgiven; each share is borne by the code of its terms."""
    running = Forgiveness.objects.filter(ended_on__isnull=True).aggregate(sum=Sum("total"), count=Count("id"))
    gone = JudgedBill.objects.aggregate(sum=Sum("amount"))["sum"] or ZERO
    totals = (("running", f"{running['count']:,}"), ("set aside", str(running["sum"] or ZERO)), ("forgiven", str(gone)))
    return Control("every forgiven debt is borne by its fund", totals, tuple(forgiveness_astray()))


def journals_hold() -> Control:
    """Every line of the tender journals is there, says what its row says and carries the digest of the one before;
    every tender has its line from the moment it was taken; every seal is answered."""
    wrong = (*broken(), *untold_tenders(), *broken_seals())
    return Control("the tender journals hold", (("lines", f"{JournalLine.objects.count():,}"),), wrong)


def write_offs_hold() -> Control:
    """Every write-off is its parts and what is recovered and owed; what agencies reported is what was posted."""
    made = WriteOff.objects.aggregate(sum=Sum("amount"), count=Count("id"))
    back = Recovery.objects.aggregate(sum=Sum("amount"))["sum"] or ZERO
    placed = Referral.objects.filter(ended_on__isnull=True).aggregate(sum=Sum("amount"))["sum"] or ZERO
    totals = (
        ("written off", str(made["sum"] or ZERO)), ("recovered", str(back)), ("with agencies", str(placed)),
    )  # fmt: skip
    return Control("every write-off and agency adds up", totals, tuple(write_offs_astray() + agencies_astray()))


def pledges_are_settled() -> Control:
    """Every check of an assistance agency is its lines, each line is posted or waits, and each pledge is paid once."""
    open_ = Pledge.objects.filter(ended_on__isnull=True).aggregate(sum=Sum("amount"))["sum"] or ZERO
    lines = AssistanceCheckLine.objects.aggregate(sum=Sum("amount"), loose=Sum("amount", filter=Q(event__isnull=True)))
    totals = (
        ("pledged", str(open_)), ("paid by agencies", str(lines["sum"] or ZERO)),
        ("on no account yet", str(lines["loose"] or ZERO)),
    )  # fmt: skip
    return Control("every pledge is paid once", totals, tuple(checks_astray()))


def funds_hold() -> Control:
    """What a fund's own book says is what the ledger holds for it; every grant is posted whole; no gift is a debt."""
    stands = [(fund.name, standing_of(fund)) for fund in AssistanceFund.objects.order_by("name")]
    totals = tuple((f"{name}, reserved {stand.reserved}", str(stand.held)) for name, stand in stands)
    return Control("every fund is what its book says", totals, tuple(funds_astray()))


def shares_hold() -> Control:
    """What funds bore of bills by share of income is what was posted for it."""
    return Control("every share of income is borne", (("borne", str(borne_together())),), tuple(shares_astray()))


def open_items_hold() -> Control:
    """No bill is matched beyond what it asks for and no credit beyond what it is worth; each match stands in the books;
    what is open less what is unapplied is the balance."""
    opened, loose, wrong = items_astray()
    return Control("every open item adds up", (("open", str(opened)), ("unapplied", str(loose))), tuple(wrong))


def cash_ties() -> Control:
    """What waits between the counter and the bank is what happened says, account by account; bags hold what their
    drawers gave; the bank's days add up."""
    waiting = [(tie.code, str(tie.found)) for tie in ties() if tie.found]
    return Control("cash ties from the counter to the bank", tuple(waiting), tuple(untied()))


def deposits_hold() -> Control:
    """Every deposit asks for what was asked, waived and paid; none is owed to the utility beyond that. What was decided
    is its parts, and what they asked for."""
    wrong = (*deposits_astray(), *decisions_astray())
    return Control("every deposit adds up", (("held", str(deposits_held())),), wrong)


def extracts_hold() -> Control:
    """Every month that went to finance would be given to it again, to the byte."""
    totals = (("months", f"{PeriodExtract.objects.count():,}"),)
    return Control("what finance got is what the books say", totals, tuple(extracts_astray()))


def accounts_are_found() -> Control:
    """The words by which each account is found are those that stand on it now."""
    lost = _strings(
        "SELECT 'account ' || a.number || ': its words are not those that stand on it' FROM accounts_account a "
        "JOIN accounts_words_of(ARRAY(SELECT id FROM accounts_account)) AS now ON now.account_id = a.id "
        "LEFT JOIN accounts_accountwords kept ON kept.account_id = a.id WHERE kept.words IS DISTINCT FROM now.words"
    )
    totals = (("accounts", f"{AccountWords.objects.count():,}"),)
    return Control("accounts are found by what stands on them", totals, tuple(lost))


CONTROLS: list[Callable[[], Control]] = [
    books_balance,
    subledgers_are_owned,
    references_lead_somewhere,
    bills_recompute,
    tenders_are_controlled,
    sources_are_balanced,
    drafts_add_up,
    journals_hold,
    cash_ties,
    deposits_hold,
    extracts_hold,
    departments_are_settled,
    plans_add_up,
    forgiveness_holds,
    write_offs_hold,
    pledges_are_settled,
    funds_hold,
    shares_hold,
    open_items_hold,
    accounts_are_found,
]


def _strings(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [str(row[0]) for row in cursor.fetchall()]
