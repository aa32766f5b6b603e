"""The outreach of the season: restaurants that cook with gas, an offer to them, a sheet of guests, leads, brochures."""

from __future__ import annotations

from datetime import date, timedelta

from lamplighter.accounts.models import Account
from lamplighter.keyaccounts.models import Gathering
from lamplighter.outreach.models import Campaign, Lead, Reply, Target
from lamplighter.outreach.operations import campaigns, leads, signing_up
from lamplighter.outreach.operations.traits import note_trait, opt_out
from lamplighter.outreach.queries.audience import audience
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.loads import Site
from lamplighter.town.plan import Customer
from lamplighter.town.post import send_queued
from lamplighter.town.staff import JOEL, PRIYA
from lamplighter.town.stage import Stage

PAGE = "http://127.0.0.1:8000/"
FOOD = {"restaurant": "722511", "cafe": "722515", "grocery": "445110"}
COOKING = ("restaurant", "cafe")
BUSINESSES = ("shop-", "medium-")
OFFER = (
    "Induction cooks faster than gas and keeps the kitchen cool. We will price your own kitchen, on your own meter, for"
    " nothing, and tell you which rebates there are. Come and cook on one at our evening in the Tern Hotel."
)
SHEET = """\
Wai Ling Chan, wailing.chan@example.net, , Golden Sampan Bakery, kitchen
Yolanda Fuentes, yolanda.fuentes@example.net, , Green Buoy Market, vehicles
Rafael Ibarra, rafael.ibarra@example.net, (510) 555-0188, Harborview Grill, kitchen
Wai Ling Chan, wailing.chan@example.net
June Aldana, , (510) 555-0189, , solar"""


def reach_out(stage: Stage) -> None:
    """Everything up to this morning, by Joel and Priya."""
    today = stage.plan.as_of
    with unit_of_work(PRIYA):
        _know_the_sites(stage, today - timedelta(days=40))
    with unit_of_work(JOEL):
        sent_to = _offer_kitchens(today - timedelta(days=12))
    send_queued(sent_to, when=at(today - timedelta(days=12), 15), subject="campaign:electric-kitchens")
    with unit_of_work(JOEL):
        _they_answer(today)
        _fill_the_fair()


def _know_the_sites(stage: Stage, day: date) -> None:
    """From the county's list: who sells food, and which restaurants cook with gas (two of three do)."""
    shops = [one for key, one in stage.customers.items() if key.startswith(BUSINESSES) and key in stage.ids]
    food = [(stage.ids[one.key], kind) for one in shops if (kind := _kind(one)) in FOOD]
    accounts = Account.objects.in_bulk([pk for pk, _ in food])
    for nth, (pk, kind) in enumerate(food):
        known = {"business": FOOD[kind]} | (
            {"cooking": "electric" if nth % 3 == 0 else "gas"} if kind in COOKING else {}
        )
        for trait, value in known.items():
            note_trait(account=accounts[pk], kind=trait, value=value, source="County list of food businesses", on=day,
                       by=PRIYA, at=at(day, 10))  # fmt: skip


def _kind(customer: Customer) -> str:
    """A small shop by its name, a larger one by its load."""
    if customer.key.startswith("shop-"):
        return "cafe" if "Cafe" in customer.person.family else "shop"
    load = customer.services[0].load
    return load.kind if isinstance(load, Site) else "shop"


def _offer_kitchens(day: date) -> list[int]:
    """One owner asked for no offers before; all others of the segment are written to, by email or letter."""
    offer = campaigns.plan_campaign(
        name="Electric kitchens", by_way_of=Campaign.By.EMAIL_OR_LETTER, topic="kitchen", by=JOEL,
        segment={"business": "722", "trait": "cooking=gas", "rate": "GS-1"}, at=at(day, 9),
        owner=User.objects.get(username="joel"),
    )  # fmt: skip
    campaigns.word_campaign(campaign=offer, language="en", about="A cooler kitchen, priced on your own meter",
                            words=OFFER, by=JOEL, at=at(day, 9, 20))  # fmt: skip
    found = audience(offer, on=day)
    if not found.written:
        return []
    last = found.written[-1].match.person
    opt_out(person=last, how="call", on=day, by=JOEL, at=at(day, 9, 40))
    found = audience(offer, on=day)
    if not found.written:
        return []
    campaigns.send_campaign(campaign=offer, shown=found.digest, page=PAGE, on=day, by=JOEL, at=at(day, 14))
    return [one.match.account.pk for one in found.written]


def _they_answer(today: date) -> None:
    """Four did: two want a visit (one of whom has decided), one not this year, one never again."""
    said = (Reply.Said.YES, Reply.Said.YES, Reply.Said.NO, Reply.Said.STOP)
    rows = list(Target.objects.select_related("campaign__owner", "person", "account").order_by("pk")[: len(said)])
    if len(rows) < len(said):  # a small town has few kitchens
        return
    for days, (target, answer) in enumerate(zip(rows, said, strict=True), start=3):
        day = today - timedelta(days=days)
        campaigns.keep_reply(target=target, said=answer, how=Reply.How.CALL, on=day, by=JOEL, at=at(day, 11))
    first = rows[0].person.leads.get()
    leads.close_lead(lead=first, outcome="won", words="Two induction ranges; the panel has room.", by=JOEL,
                     at=at(today - timedelta(days=1), 16))  # fmt: skip


def _fill_the_fair() -> None:
    """The sheet of the chamber's breakfast, who came to it, and brochures for the fair in three weeks."""
    breakfast = Gathering.objects.get(name="Chamber breakfast")
    fair, day = Gathering.objects.get(name="Bright Nights Fair"), breakfast.day
    signing_up.take_sheet(gathering=breakfast, text=SHEET, on=day, by=JOEL, at=at(day, 10))
    came = breakfast.sign_ups.exclude(person__name="June Aldana")
    signing_up.note_attendance(places=list(came), by=JOEL, at=at(day, 10, 30))
    for name, language in (("Kitchen rebate brochure", "zh-hant"), ("Fair leaflet: your bill explained", "es")):
        leads.ask_material(title=name, copies=150, language=language, needed_on=fair.day - timedelta(days=4), on=day,
                           gathering=fair, by=JOEL, at=at(day, 11))  # fmt: skip
    for name, outcome, words in (
        ("Yolanda Fuentes", "later", "After the lease of the third store is renewed."),
        ("Rafael Ibarra", "won", "Comes to the kitchen evening with his cook."),
    ):  # fmt: skip
        lead = Lead.objects.get(person__name=name, closed_at__isnull=True)
        leads.close_lead(lead=lead, outcome=outcome, words=words, by=JOEL, at=at(day + timedelta(days=3), 14))
