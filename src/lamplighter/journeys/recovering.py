"""What becomes of a debt after its service: moved to a live account, placed, paid after all, and what agencies send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.kinds import RECOVERY, WRITE_OFF
from lamplighter.credit.models import Agency, AgencyFile, AgencyPayment, Process, Referral, WriteOff
from lamplighter.credit.operations import agencies
from lamplighter.credit.operations.collecting import end_process
from lamplighter.credit.operations.writingoff import recover
from lamplighter.credit.queries.closed import NOT_WRITTEN_OFF, homes_for, owed_of
from lamplighter.credit.rules.writingoff import CannotWriteOff
from lamplighter.formats.agencies.recoveries import Recovered, RecoveryFile, read_recoveries
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding, Place
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft as EntryDraft
from lamplighter.ledger.operations import Leg
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

SOURCE, CLEARING = "agencies", "agency-clearing"


@in_transaction
def recovered(
    *, accounts: Collection[int], on: date, by: Actor, at: datetime, by_agency: bool = False
) -> Money:  # fmt: skip
    """In the transaction of a payment or its return: written-off debts of these accounts that money came to. The codes
    have it back, and the agency is told, unless it brought it. One query where nothing was written off."""
    came = ZERO
    for one in WriteOff.objects.filter(account__in=accounts).select_related("agreement").order_by("pk"):
        amount = recover(write_off=one, source=f"{one.recoveries.count() + 1}", on=on, by=by, at=at)
        referral = one.referrals.filter(ended_on__isnull=True).first()
        if amount and referral is not None and not by_agency:
            agencies.tell_paid(referral=referral, amount=amount, on=on, by=by, at=at)
        came += amount
    return came


@in_transaction
def move_debt(*, account: Account, to: Account, on: date, by: Actor, at: datetime) -> Money:
    """Ask for what an account without service owes on another account of the same customer; how much. It stands there
    as a debt of its own, for which power never goes off, and ages from today: there it was never asked for, and the
    next bill asks. The entry keeps the age of each part on the side that it leaves. Written-off debt is revived: the
    codes have it back, the agency is recalled. What was discharged is not. Raises CannotWriteOff."""
    advisory_lock(f"account:{account.pk}", f"account:{to.pk}")
    if to not in homes_for(account, on=on):
        raise CannotWriteOff("That account has no service, or is another customer's.")
    owing = {a.pk: a for a in account.agreements.all()}
    lost = set(
        WriteOff.objects.filter(account=account, reason=WriteOff.Reason.DISCHARGED).values_list("agreement", flat=True)
    )
    stays = NOT_WRITTEN_OFF - {AgreementKind.WRITE_OFF}
    debts = [one for one in owed_by(account) if AgreementKind(owing[one.agreement].kind) not in stays]
    debts = [one for one in debts if one.agreement not in lost]
    if not debts:
        raise CannotWriteOff("Nothing is owed there that could be asked for here.")
    home = invoices_of(to, on=on, by=by, at=at)
    legs = []
    for one in debts:
        old = owing[one.agreement]
        legs.append(Leg(old.type.control_code, -one.amount, old.subledger_id, owed_on=one.owed_on, component="moved"))
        legs.append(Leg(home.type.control_code, one.amount, home.subledger_id, owed_on=on, component="moved"))
    moved = total(one.amount for one in debts)
    count = account.agreements.filter(subledger__postings__entry__kind="debt-moved").distinct().count()
    ledger.post(
        draft=EntryDraft(f"debt-moved:{account.pk}:{to.pk}:{count}", "debt-moved", on, tuple(legs)), at=at, by=by
    )
    for process in Process.objects.filter(account=account, ended_on__isnull=True):
        end_process(process=process, outcome="moved", on=on, by=by, at=at)
    for referral in Referral.objects.filter(write_off__account=account, ended_on__isnull=True):
        agencies.end_referral(referral=referral, outcome=Referral.Outcome.RECALLED, on=on, by=by, at=at)
    recovered(accounts=[account.pk], on=on, by=by, at=at)
    finish_where(subjects=[account.subject], by=by, at=at, kind=WRITE_OFF.key)
    for here, other in ((account, to), (to, account)):
        record("credit.debt.moved", subject=here.subject, account=here.pk, by=by, at=at, cents=moved.cents,
               other=other.number, here=here is to)  # fmt: skip
    return moved


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an agency's file."""

    file: AgencyFile | None
    payments: int
    amount: Money
    fees: Money
    given_back: int
    findings: tuple[Finding, ...]


@in_transaction
def take_recoveries(
    *, agency: Agency, file: StoredFile, text: str, on: date, by: Actor, at: datetime
) -> Taken:  # fmt: skip
    """Post what an agency collected, with its fee; end what it gives back. A line that does not fit waits for a person,
    and the others go on. A line with a reference that came before changes nothing."""
    advisory_lock(f"agency:{agency.pk}")
    read = read_recoveries(text, file=file.name)
    if not read.lines or any(finding.code == "agency.trailer" for finding in read.findings):
        return Taken(None, 0, ZERO, ZERO, 0, read.findings or (_wrong(file, 0, "The file has no line."),))
    if read.agency != agency.pk:
        return Taken(None, 0, ZERO, ZERO, 0, (_wrong(file, 1, f"The file is of {read.agency}, not of {agency.pk}."),))
    kept = agencies.keep_received(
        agency=agency, file=file, records=len(read.lines), amount=read.collected, on=on, by=by, at=at
    )
    return _take(kept, read, on=on, by=by, at=at)


def _take(kept: AgencyFile, read: RecoveryFile, *, on: date, by: Actor, at: datetime) -> Taken:
    control = _control(by=by, at=at)
    findings, done, back = list(read.findings), [], 0
    for line in read.lines:
        if AgencyPayment.objects.filter(agency=kept.agency, reference=line.reference).exists():
            continue
        referral = _referral(kept.agency, line)
        if referral is None or line.amount > owed_of(referral.write_off):
            why = "has no debt with this agency" if referral is None else "does not owe so much"
            findings.append(_wrong(kept.file, line.line, f"Account {line.account} {why}."))
        elif line.kind == "returned":
            agencies.end_referral(referral=referral, outcome=Referral.Outcome.RETURNED, on=on, by=by, at=at)
            back += 1
        else:
            done.append(_pay(kept, referral, line, control, on=on, by=by, at=at))
    payments.balance_control(control=control, counted={"check": total(one.amount for one in done)}, by=by, at=at)
    matters = [
        Draft(RECOVERY.key, f"agency:{kept.agency_id}", str(one)[:200], dedupe=f"{kept.file_id}:{one.place.line}")
        for one in findings
    ]
    raise_items(drafts=matters, by=by, at=at)
    amount, fees = total(one.amount for one in done), total(one.fee for one in done)
    record("credit.agency.paid", subject=f"agency:{kept.agency_id}", by=by, at=at, records=len(done),
           cents=amount.cents, fees=fees.cents)  # fmt: skip
    return Taken(kept, len(done), amount, fees, back, tuple(findings))


def _pay(
    kept: AgencyFile, referral: Referral, line: Recovered, control: TenderControl, *, on: date, by: Actor, at: datetime
) -> AgencyPayment:
    """The whole amount pays the debt; the fee is the utility's expense, and the agency owes us the rest."""
    account = referral.write_off.account
    event = payments.post_event(
        control=control, tenders=[TenderIn("check", line.amount, line.amount, line.reference)],
        payments={account: line.amount}, on=on, by=by, at=at,
    )  # fmt: skip
    if line.fee:
        legs = (Leg("agency-fees", line.fee), Leg(CLEARING, -line.fee))
        ledger.post(
            draft=EntryDraft(f"agency-fee:{referral.agency_id}:{line.reference}", "agency-fee", on, legs), at=at, by=by
        )
    recovered(accounts=[account.pk], on=on, by=by, at=at, by_agency=True)
    paid = agencies.keep_payment(
        referral=referral, file=kept, reference=line.reference, amount=line.amount, fee=line.fee,
        paid_on=line.paid_on, event=event, by=by, at=at,
    )  # fmt: skip
    if owed_of(referral.write_off) <= ZERO:
        agencies.end_referral(referral=referral, outcome=Referral.Outcome.PAID, on=on, by=by, at=at)
    return paid


def _referral(agency: Agency, line: Recovered) -> Referral | None:
    found = Referral.objects.filter(agency=agency, write_off__account__number=line.account, ended_on__isnull=True)
    return found.select_related("write_off__account", "write_off__agreement").first()


def _control(*, by: Actor, at: datetime) -> TenderControl:
    source = TenderSource.objects.filter(pk=SOURCE).first() or payments.define_source(
        key=SOURCE, name="Collection agencies", kind=TenderSource.Kind.ELECTRONIC, opening_float=ZERO, gl_code=CLEARING
    )
    return payments.open_control(source=source, by=by, at=at)


def invoices_of(account: Account, *, on: date, by: Actor, at: datetime) -> Agreement:
    """Where an account bears what was owed elsewhere: its running agreement for invoices, or a new one."""
    kind = AgreementKind.INVOICE
    found = account.agreements.filter(kind=kind, period__endswith__isnull=True).first()
    return found or accounts.start_agreement(account=account, kind=kind, on=on, by=by, at=at)


def _wrong(file: StoredFile, line: int, message: str) -> Finding:
    return Finding("agency.line", message, place=Place(file.name, line), remedy="Ask the agency, then enter it.")
