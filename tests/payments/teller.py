"""A teller who does random acts with money, and a model that says what must stand where after each.

The model adds and subtracts; it never asks the program what came of an act. `act` does one, `check` compares. Used by
the state machine of the suite (test_tellers.py) and by several processes at once (tests/soak/soak_cash.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.operations import depositing
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.journeys.carrying import read_bank_file
from lamplighter.journeys.paying import move_payment, take_back, take_payment
from lamplighter.journeys.paying_out import send_waiting
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances
from lamplighter.payments import operations as payments
from lamplighter.payments.cash.counting import Counted, differences_of
from lamplighter.payments.models import BankLine, PaymentEvent, RefundStep, Tender, TenderControl, TenderSource
from lamplighter.payments.operations.counting import count_drawer, explain, turn_in, verify
from lamplighter.payments.operations.depositing import make_deposit
from lamplighter.payments.operations.reconciling import settle_difference
from lamplighter.payments.operations.refunding import CLEARING, refund, returned_by_bank, void_check, write_checks
from lamplighter.payments.queries import expected_in
from lamplighter.payments.refunds.queries import standing_of
from lamplighter.payments.refunds.rules import CannotRefund, Means
from lamplighter.payments.rules import TenderIn
from tests.payments.papers import bai2
from tests.payments.payables import FIRST, by_voucher, payables, turn_ways
from tests.payments.standing import Event, Part, Stood, where_of

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
RENEE = staff("renee")
FLOAT, BANK_ACCOUNT = 20000, "000123456789"
CODES = {"card": "card-clearing", "transfer": "ach-clearing", "voucher": "agency-vouchers"}
SETTLED_BY = {"card-clearing": "168", "ach-clearing": "165"}
KINDS = ("cash", "cash", "check", "money-order", "card", "transfer", "voucher")


class Teller:
    """`mine` are accounts of nobody else's; `shared` are paid by all, and summed up at the end."""

    def __init__(
        self, name: str, mine: Sequence[Account], shared: Sequence[Account] = (), *, place: int = 0, of: int = 1
    ):
        self.by, self.mine, self.shared = staff(name), list(mine), list(shared)
        self.source = TenderSource.objects.get(pk=f"drawer-{name}")
        self.days, self.day = of, FIRST + timedelta(days=place)
        self.stood = {account.pk: Stood() for account in [*mine, *shared]}
        self.codes: Counter[str] = Counter()
        self.events: list[Event] = []
        self.waiting: list[tuple[TenderControl, int]] = []
        self.lines: list[tuple[str, int, str]] = []
        self.refunds: list[tuple[object, Account]] = []
        self.number = 0
        self.open()

    @property
    def now(self) -> dict[str, object]:
        return {"on": self.day, "by": self.by, "at": AT}

    def act(self, what: str, dice: Random) -> None:
        ACTS[what](self, dice)

    def open(self) -> None:
        self.control = payments.open_control(source=self.source, by=self.by, at=AT)
        self.held, self.lying = Counter({"cash": FLOAT}), 0

    def check(self, accounts: Sequence[Account] | None = None) -> None:
        """The open drawer, the accounts (all of mine, if not said) and their two balances, are what the model says."""
        mine = self.mine if accounts is None else accounts
        found = {kind: money.cents for kind, money in expected_in(self.control).items() if money or kind == "cash"}
        assert found == {kind: cents for kind, cents in self.held.items() if cents or kind == "cash"}
        rows = Agreement.objects.filter(account__in=mine).values_list("account", "subledger", "kind")
        stands = balances([subledger for _, subledger, _ in rows])
        for account in mine:
            own = [(stands[key], kind) for pk, key, kind in rows if pk == account.pk]
            stood = self.stood[account.pk]
            assert sum(one.payoff.cents for one, _ in own) == stood.deposit + stood.rest
            assert sum(one.current.cents for one, _ in own) == stood.asked + stood.rest
            deposits = [one for one, kind in own if kind == AgreementKind.DEPOSIT]
            assert [(one.current.cents, one.payoff.cents) for one in deposits] in (
                [], [(stood.asked, stood.deposit)],
            ), "a deposit asks for one thing and owes another"  # fmt: skip

    def charge(self, dice: Random) -> None:
        account, cents = self._account(dice), dice.choice([1, -1, 1]) * dice.randint(1, 30000)
        self.number += 1
        kind = "charge" if cents > 0 else "credit"
        adjust(
            agreement=account.agreements.get(kind=AgreementKind.INVOICE), kind=kind, label="Soak", amount=Money(cents),
            against="goodwill", source=f"{self.by}:{self.number}", **self.now,
        )  # fmt: skip
        self.stood[account.pk].give(0, cents)

    def pay(self, dice: Random) -> None:
        others = dice.sample([*self.mine, *self.shared], dice.choice([1, 1, 2]))
        to = {account: dice.randint(1, 20000) for account in others}
        whole = sum(to.values())
        first = dice.randint(1, whole) if whole > 1 and dice.random() < 0.3 else whole
        tenders = [(dice.choice(KINDS), cents) for cents in (first, whole - first) if cents]
        event = take_payment(
            key=None, control=self.control, payments_to={account: Money(cents) for account, cents in to.items()},
            tenders=[self._tender(kind, cents, dice) for kind, cents in tenders], **self.now,
        )  # fmt: skip
        self._lie(tenders, 1)
        parts = [
            Part(account, cents, *self.stood[account.pk].pays(cents))
            for account, cents in sorted(to.items(), key=lambda pair: pair[0].pk)
        ]
        self.events.append(Event(event.pk, tenders, parts, self.control.pk))

    def move(self, dice: Random) -> None:
        if not self.events:
            return
        event = dice.choice(self.events)
        part = dice.choice(event.parts)
        to = self._account(dice)
        if part.left <= 0 or to == part.account:
            return
        cents = dice.randint(1, part.left)
        payment = PaymentEvent.objects.get(pk=event.pk).payments.get(account=part.account)
        move_payment(payment=payment, to=to, amount=Money(cents), **self.now)
        rest = min(cents, part.rest)
        taken = (cents - rest, rest)
        part.first, part.rest = part.first - taken[0], part.rest - rest
        self.stood[part.account.pk].give(*taken)
        part.moves.append((to, cents, taken, self.stood[to.pk].pays(cents)))

    def void(self, dice: Random) -> None:
        here = [event for event in self.events if event.control == self.control.pk]
        if not here:
            return
        event = dice.choice(here)
        take_back(event=self._row(event), reason=dice.choice(["void", "entry-error"]), **self.now)
        self._undo(event)
        self._lie(event.tenders, -1)

    def come_back(self, dice: Random) -> None:
        """The bank returns a tender, or every one that is not cash; what the others are worth stays paid."""
        able = [event for event in self.events if any(kind != "cash" for kind, _ in event.tenders)]
        if not able:
            return
        event = dice.choice(able)
        row = self._row(event)
        back = [one for one in row.tenders.order_by("pk") if one.kind != Tender.Kind.CASH]
        if dice.random() < 0.5:
            back = [dice.choice(back)]
        take_back(event=row, reason="returned", returned=[one.pk for one in back], **self.now)
        bad = sum(one.amount.cents for one in back)
        good = sum(cents for _, cents in event.tenders) - bad
        stood = [each for part in event.parts for each in where_of(part)]
        self._undo(event)
        for account, cents in stood:
            kept = min(cents, good)
            good -= kept
            self.stood[account.pk].pays(kept)
        self.codes["returned-items"] -= bad
        self.lines.append(("555", bad, "RETURNED ITEM"))

    def turn_in(self, dice: Random) -> None:
        most = self.held["cash"] - FLOAT
        if most <= 0:
            return
        cents = dice.randint(1, most)
        turn_in(control=self.control, amount=Money(cents), received_by=RENEE, by=self.by, at=AT)
        self.held["cash"] -= cents

    def close(self, dice: Random) -> None:
        """Counted, often over or short, verified by another; the next drawer is opened."""
        off = max(dice.choice([0, 0, dice.randint(-500, 500)]), -self.held["cash"])
        others = {kind: Money(cents) for kind, cents in self.held.items() if kind != "cash" and cents}
        counted = Counted({1: self.held["cash"] + off}, others)
        count_drawer(control=self.control, counted=counted, by=self.by, at=AT)
        if differences_of(self.control):
            explain(control=self.control, reason="Unknown", **self.now)
        verify(control=self.control, counted=counted, by=RENEE, at=AT)
        self.codes["cash-drawers"] += off
        self.waiting.append((self.control, self.lying + off))
        self.control.refresh_from_db()
        self.open()

    def carry(self, dice: Random) -> None:
        """Some verified drawers go to the bank in a bag; now and then something is missing there."""
        some = [each for each in self.waiting if dice.random() < 0.7]
        cents = sum(held for _, held in some)
        if cents <= 0:
            return
        self.number += 1
        bag = f"B-{self.by.key}-{self.number}"
        made = make_deposit(controls=[one for one, _ in some], bag=bag, on=self.day, by=RENEE, at=AT)
        assert (made.cash + made.checks).cents == cents, "a bag holds what its drawers hold"
        self.waiting = [each for each in self.waiting if each not in some]
        self.codes["cash-drawers"] -= cents
        self.codes["bank-transit"] += cents
        missing = dice.choice([0, 0, 1]) * dice.randint(0, cents - 1)
        self.lines.append(("175", cents - missing, f"DEPOSIT BAG {bag}"))
        self.codes[f"missing {bag}"] = missing

    def bank(self, dice: Random) -> None:
        """The statement of a day: deposits, what settled, what came back, what was cashed."""
        for code, kind in SETTLED_BY.items():
            if self.codes[code] > 0 and dice.random() < 0.5:
                self.lines.append((kind, dice.randint(1, self.codes[code]), code))
        lines, self.lines = self.lines, []
        self.day += timedelta(days=self.days)
        data = bai2(BANK_ACCOUNT, self.day, lines)
        (made,) = read_bank_file(data=data, name=f"{self.day}.bai", by=RENEE, at=AT)
        for row, (kind, cents, text) in zip(made.lines.order_by("place"), lines, strict=True):
            self._booked(row, kind, cents, text)

    def _booked(self, row: BankLine, kind: str, cents: int, text: str) -> None:
        bag = text.rpartition(" ")[2]
        match kind:
            case "175":
                missing = self.codes.pop(f"missing {bag}")
                self.codes["bank-transit"] -= cents + missing
                self.codes["cash"] += cents
                if missing:
                    settle_difference(line=row, code="uncollectible", remark="Gone", by=RENEE, at=AT)
            case "555":
                self.codes["returned-items"] += cents
                self.codes["cash"] -= cents
            case "257":
                self.codes["returned-items"] -= cents
                self.codes["cash"] += cents
            case "475" | "466":
                self.codes["refund-checks" if kind == "475" else "refund-ach"] += cents
                self.codes["cash"] -= cents
            case _:
                self.codes[text] -= cents
                self.codes["cash"] += cents

    def refund(self, dice: Random) -> None:
        account = self._account(dice)
        stood = self.stood[account.pk]
        most = -(stood.rest + stood.asked)
        if most <= 0:
            return
        cents, check = dice.randint(1, most), dice.random() < 0.5
        means = Means("check") if check else Means("ach", "121000358", "12345678")
        if by_voucher(self.day):
            means, check = Means("voucher"), False
        made = refund(account=account, amount=Money(cents), means=means, remark="Soak", **self.now)
        stood.give(0, cents)
        self.codes[CLEARING[means.method]] -= cents
        self.refunds.append((made, account))
        if check:
            write_checks(refunds=[made], **self.now)

    def cash_or_void(self, dice: Random) -> None:
        """A refund check is cashed, or void: written anew, or its money back on the account."""
        out = [each for each in self.refunds if each[0].method == "check"]
        if not out:
            return
        made, account = dice.choice(out)
        self.refunds.remove((made, account))
        number = made.steps.filter(act="written").latest("id").check_number
        match dice.choice(["cashed", "again", "back"]):
            case "cashed":
                self.lines.append(("475", made.amount.cents, f"CHECK {number}"))
            case "again":
                void_check(refund=made, remark="Lost", again=True, **self.now)
                self.refunds.append((made, account))
            case _:
                void_check(refund=made, remark="Wrong", again=False, **self.now)
                self.stood[account.pk].give(0, -made.amount.cents)
                self.codes["refund-checks"] += made.amount.cents

    def send(self, dice: Random) -> None:
        """Every refund that waits goes to the bank in one file; one that was sent may come back."""
        sent = [each for each in self.refunds if each[0].method == "ach"]
        waits = any(not standing_of(made) for made, _ in sent)
        if waits:
            try:
                file = send_waiting(**self.now)
            except CannotRefund:
                return  # another teller has sent it this very moment
            rows = RefundStep.objects.filter(act="sent", file=file).values_list("refund__amount", flat=True)
            self.lines.append(("466", sum(money.cents for money in rows), "REFUNDS"))
        elif sent:
            made, account = dice.choice(sent)
            self.refunds.remove((made, account))
            returned_by_bank(refund=made, remark="R03", **self.now)
            self.stood[account.pk].give(0, -made.amount.cents)
            self.codes["returned-items"] += made.amount.cents
            self.lines.append(("257", made.amount.cents, "RETURN"))

    def deposit(self, dice: Random) -> None:
        """A deposit is asked for, waived, earns, pays a debt or goes back."""
        account = self._account(dice)
        stood, now = self.stood[account.pk], self.now
        self.number += 1
        source = f"{self.by}:{self.number}"
        given = {"account": account, "source": source, **now}
        cents = dice.randint(1, 15000)
        what = dice.choice(["ask", "ask", "waive", "interest", "apply", "release"])
        if what != "ask" and deposit_of(account) is None:
            return
        held = max(-stood.deposit, 0)
        match what:
            case "ask":
                depositing.charge_deposit(amount=Money(cents), **given)
                stood.asked += cents
            case "waive" if stood.asked:
                cents = min(cents, stood.asked)
                depositing.waive_deposit(amount=Money(cents), **given)
                stood.asked -= cents
            case "interest":
                depositing.add_interest(amount=Money(cents), **given)
                stood.deposit -= cents
            case "apply":
                to = account.agreements.get(kind=AgreementKind.INVOICE)
                cents = min(cents, held, balances([to.subledger_id])[to.subledger_id].current.cents)
                if cents > 0:
                    depositing.apply_deposit(to=to, amount=Money(cents), **given)
                    stood.deposit, stood.rest = stood.deposit + cents, stood.rest - cents
            case "release" if held:
                cents = min(cents, held)
                depositing.release_deposit(amount=Money(cents), **given)
                stood.deposit, stood.rest = stood.deposit + cents, stood.rest - cents

    def _account(self, dice: Random) -> Account:
        return dice.choice(self.mine)

    def _row(self, event: Event) -> PaymentEvent:
        return PaymentEvent.objects.get(pk=event.pk)

    def _tender(self, kind: str, cents: int, dice: Random) -> TenderIn:
        handed = cents + (dice.randint(0, 2000) if kind == "cash" else 0)
        return TenderIn(kind, Money(cents), Money(handed), "" if kind == "cash" else f"N{dice.randint(1, 999)}")

    def _lie(self, tenders: Sequence[tuple[str, int]], way: int) -> None:
        """They come into the drawer, or go out of it again."""
        for kind, cents in tenders:
            self.held[kind] += way * cents
            self.codes[CODES.get(kind, "cash-drawers")] += way * cents
            self.lying += way * cents if kind not in CODES else 0

    def _undo(self, event: Event) -> None:
        for part in event.parts:
            for to, _, taken, given in part.moves:
                self.stood[to.pk].give(*given)
                self.stood[part.account.pk].give(-taken[0], -taken[1])
                part.first, part.rest = part.first + taken[0], part.rest + taken[1]
            self.stood[part.account.pk].give(part.first, part.rest)
        self.events.remove(event)


ACTS: dict[str, Callable[[Teller, Random], None]] = {
    "charge": Teller.charge, "pay": Teller.pay, "pay again": Teller.pay, "pay more": Teller.pay, "move": Teller.move,
    "void": Teller.void, "come back": Teller.come_back, "turn in": Teller.turn_in, "close": Teller.close,
    "carry": Teller.carry, "bank": Teller.bank, "refund": Teller.refund, "cash or void": Teller.cash_or_void,
    "send": Teller.send, "payables": payables, "deposit": Teller.deposit,
}  # fmt: skip


def open_shop(names: Sequence[str], furnished: object, *, each: int, shared: int = 0) -> dict[str, list[Account]]:
    """A drawer and accounts for every teller, accounts for all (under ""), who may refund, and the bank's account."""
    from lamplighter.payments.operations.banks import set_bank_account
    from lamplighter.platform.operations.limits import set_limit
    from lamplighter.platform.operations.users import add_user, grant_role

    day = date(2026, 1, 1)
    set_limit(role="senior-csr", permission="adjustments.ask", amount=Money(10**11), on=day, by=RENEE, at=AT)
    set_bank_account(bank="First Bay Bank", routing="121000358", number=BANK_ACCOUNT, holder="Marisol Bay Power",
                     company="1946001234", by=RENEE, at=AT)  # fmt: skip
    turn_ways(by=RENEE, at=AT)
    found: dict[str, list[Account]] = {}
    for name in [*names, ""]:
        if name:
            payments.define_source(key=f"drawer-{name}", name=f"Drawer of {name}", kind="drawer",
                                   opening_float=Money(FLOAT), gl_code="cash-drawers")  # fmt: skip
            user = add_user(username=name, name=name.title(), kind="staff", by=RENEE, at=AT)
            grant_role(user=user, role="senior-csr", on=day, by=RENEE, at=AT)
        found[name] = [furnished.account(furnished.luis) for _ in range(each if name else shared)]
        for account in found[name]:
            accounts.start_agreement(account=account, kind=AgreementKind.INVOICE, on=day, by=RENEE, at=AT)
    return found


def stands(account: Account) -> int:
    """What an account owes in all, in cents."""
    keys = Agreement.objects.filter(account=account).values_list("subledger", flat=True)
    return sum((one.payoff for one in balances(list(keys)).values()), ZERO).cents
