"""The account managers' year: who looks after whom, people, what was said and promised, contracts, and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from lamplighter.accounts.models import AccountRole
from lamplighter.customers.models import Person
from lamplighter.customers.operations import PersonIn, add_organisation, add_people
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Issue, Organisation, Tie, Touch
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.keyaccounts.operations import plans, relations
from lamplighter.keyaccounts.operations.obligations import hold_bills
from lamplighter.keyaccounts.operations.relations import TouchIn
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.accountplans import plan_accounts
from lamplighter.town.advising import advise
from lamplighter.town.bargaining import bargain
from lamplighter.town.calendar import at
from lamplighter.town.pipeline import plan_buildings
from lamplighter.town.staff import DANA, JOEL
from lamplighter.town.stage import Stage

Part = Tie.Part


@dataclass(frozen=True, slots=True)
class Account:
    """A key account: its segment, NAICS code, what the town depends on, who leads, and its people by their parts."""

    key: str
    segment: str
    code: str
    community: int
    lead: str
    people: tuple[tuple[str, str, str, Tie.Part], ...] = ()
    last: int = 20


KEY_ACCOUNTS = (
    Account(
        "kelp-and-kettle",
        "Food and drink",
        "312120",
        1,
        "joel",
        (
            ("Ines", "Calloway", "Owner", Part.DECIDES),
            ("Tobias", "Renn", "Head brewer", Part.FACILITY),
            ("Tobias", "Renn", "Head brewer", Part.OUTAGE),
        ),
        12,
    ),
    Account(
        "high-school",
        "Schools",
        "611110",
        2,
        "priya",
        (
            ("Marguerite", "Soto", "Chief business officer", Part.DECIDES),
            ("Wendell", "Park", "Facilities", Part.FACILITY),
        ),
        35,
    ),
    Account(
        "three-herons",
        "Health",
        "622110",
        3,
        "joel",
        (
            ("Adaeze", "Obi", "Chief operating officer", Part.DECIDES),
            ("Grant", "Mikkelsen", "Plant engineer", Part.OUTAGE),
        ),
        18,
    ),
    Account(
        "northquay",
        "Logistics",
        "493120",
        1,
        "joel",
        (("Pavel", "Dvorak", "General manager", Part.DECIDES), ("Pavel", "Dvorak", "General manager", Part.OUTAGE)),
        41,
    ),
    Account(
        "slackwater",
        "Data",
        "518210",
        0,
        "joel",
        (
            ("Renata", "Quist", "Vice president, sites", Part.DECIDES),
            ("Omar", "Haddad", "Operations centre", Part.OUTAGE),
        ),
        25,
    ),
    Account("ferry", "Transport", "488320", 3, "priya", (("Lorna", "Bright", "Terminal manager", Part.FACILITY),), 55),
    Account(
        "lantern-dock", "Industry", "336611", 1, "priya", (("Stavros", "Kyriakou", "Yard manager", Part.DECIDES),), 9
    ),
    Account(
        "foundry-row", "Development", "236116", 1, "priya", (("Noelle", "Abara", "Project director", Part.DECIDES),), 16
    ),
    Account("tern-hotel", "Hotels", "721110", 0, "joel", (("Casper", "Lindqvist", "Owner", Part.DECIDES),), 62),
    Account("green-buoy", "Shops", "445110", 1, "joel", (("Yolanda", "Fuentes", "Operations", Part.DECIDES),), 30),
    Account(
        "mudflat", "Laboratories", "541714", 0, "joel", (("Hana", "Okabe", "Laboratory manager", Part.OUTAGE),), 22
    ),
    Account("city", "City", "921140", 3, "priya", (("Theo", "Marchetti", "Public works", Part.FACILITY),), 14),
    Account("golden-sampan", "Food and drink", "311811", 0, "joel", (("Wai Ling", "Chan", "Owner", Part.DECIDES),), 70),
    Account("saint-orla", "Housing", "623312", 3, "priya", (("Brigid", "Malone", "Administrator", Part.OUTAGE),), 28),
)
OTHERS = (
    ("Marisol Bay Chamber of Commerce", Organisation.Kind.ASSOCIATION, "Business", "Delia Frost"),
    ("Northern Public Power Association", Organisation.Kind.ASSOCIATION, "The trade", "Hugh Castellan"),
    ("Bay Air Quality Agency", Organisation.Kind.AGENCY, "Air permits, grants", "Imani Brooks"),
    ("Shoreline Mutual Aid", Organisation.Kind.COMMUNITY, "Help for tenants", "Petra Novak"),
    ("Cobalt Electric", Organisation.Kind.CONTRACTOR, "Chargers, switchgear", "Jun Takeda"),
)


def tend_portfolio(stage: Stage, *, begins: date) -> None:
    """Everything up to this morning, by Joel, Priya, and Dana who hands a hard case over."""
    today = stage.plan.as_of
    with unit_of_work(JOEL):
        people = _people(begins)
        found = {one.key: _account(stage, one, people, begins) for one in KEY_ACCOUNTS}
        _others(begins, today)
        _contracts(stage, found, today)
        _work_of_the_week(found, today)
        plan_accounts(stage, found, begins=begins, today=today)
        advise(found, begins=begins, today=today)
        hold_bills(by=JOEL, at=at(today, 5))
    bargain(found, begins=begins, today=today)
    plan_buildings(found, begins=begins, today=today)
    with unit_of_work(DANA):
        _hand_over(stage, today)


def _people(begins: date) -> dict[tuple[str, str], Person]:
    """Everybody who has a part anywhere, once."""
    names = list(dict.fromkeys((given, family) for one in KEY_ACCOUNTS for given, family, _, _ in one.people))
    names += [(given, family) for *_, name in OTHERS for given, _, family in (name.partition(" "),)]
    drafts = [
        PersonIn(family, given, contacts=(("mobile", f"(510) 555-0{200 + i}"), ("email", _email(given, family))))
        for i, (given, family) in enumerate(names)
    ]
    added = add_people(people=drafts, on=begins, by=JOEL, at=at(begins, 10))
    return dict(zip(names, added, strict=True))


def _email(given: str, family: str) -> str:
    return f"{given}.{family}@example.net".lower().replace(" ", "")


def _account(stage: Stage, one: Account, people: dict[tuple[str, str], Person], begins: date) -> Organisation:
    role = AccountRole.objects.select_related("person").get(account=stage.ids[one.key], role="main")
    when, today = at(begins, 10, 30), stage.plan.as_of
    made = keeping.add_organisation(
        person=role.person, kind=Organisation.Kind.CUSTOMER, slug=one.key, segment=one.segment,
        business_code=one.code, community=one.community, by=JOEL, at=when,
    )  # fmt: skip
    for username, part in ((one.lead, "lead"), ("priya" if one.lead == "joel" else "joel", "cover")):
        keeping.assign(organisation=made, user=_user(username), part=part, on=begins, by=JOEL, at=when)
    for given, family, title, part in one.people:
        keeping.tie(
            organisation=made, person=people[given, family], part=part, title=title, on=begins, by=JOEL, at=when
        )
    said = today - timedelta(days=one.last)
    _says(made, "call", "Went through the last bill together.", day=said, who=one.lead)
    return made


def _says(
    of: Organisation, kind: str, words: str, *, day: date, who: str, step: str = "", due: date | None = None
) -> Touch:
    touch = TouchIn(uuid5(NAMESPACE_URL, f"{of.slug} {day} {words}"), kind, words, at(day, 14), (), step, due)
    return relations.log_touch(touch=touch, owner=_user(who), organisation=of, by=staff(who), at=at(day, 14, 5))


def _others(begins: date, today: date) -> None:
    """The trade and the town: who they are, where we are a member, where we went."""
    when = at(begins, 11)
    made = []
    for name, kind, about, contact in OTHERS:
        person = add_organisation(name=name, by=JOEL, at=when)
        one = keeping.add_organisation(person=person, kind=kind, segment=about, by=JOEL, at=when)
        given, _, family = contact.partition(" ")
        who = Person.objects.filter(name=f"{given} {family}").latest("pk")
        keeping.tie(organisation=one, person=who, part=Part.MEMBER, on=begins, by=JOEL, at=when)
        made.append(one)
    for one, user, days in ((made[0], "joel", 41), (made[1], "priya", 130)):
        keeping.join(
            organisation=one, user=_user(user), renew_on=today + timedelta(days=days), on=begins, by=JOEL, at=when
        )
    fair = relations.plan_gathering(name="Bright Nights Fair", day=today + timedelta(days=21), place="Harbor Plaza",
                                    user=_user("joel"), by=JOEL, at=at(today - timedelta(days=20), 9))  # fmt: skip
    breakfast = relations.plan_gathering(
        name="Chamber breakfast", day=today - timedelta(days=9), place="The Tern Hotel", host=made[0],
        user=_user("joel"), by=JOEL, at=at(today - timedelta(days=30), 9),
    )  # fmt: skip
    day = breakfast.day
    for of, words, step in (
        (made[4], "Jun Takeda has two crews free for charger work in January.", "Send him the list of sites that ask"),
        (made[2], "Imani Brooks: new grants for cold-store refrigerants open in spring.", ""),
    ):
        touch = TouchIn(uuid5(NAMESPACE_URL, words), Touch.Kind.EVENT, words, at(day, 9), (), step,
                        today + timedelta(days=4) if step else None)  # fmt: skip
        relations.log_touch(touch=touch, owner=_user("joel"), organisation=of, gathering=breakfast, by=JOEL,
                            at=at(day, 9, 30))  # fmt: skip
    assert fair.day > today


def _contracts(stage: Stage, found: dict[str, Organisation], today: date) -> None:
    """Slackwater's ends in twelve months, and a short winter month falls short of it; the ferry's in four years."""
    for key, code, name, years, left, minimum in (
        ("slackwater", "SC-02", "Firm power for 1.2 MW, minimum bill", 5, 365, Money(10_000_000)),
        ("ferry", "SC-04", "Electric ferry charging", 6, 1520, None),
    ):
        ends = today + timedelta(days=left)
        plans.keep_contract(
            code=code, organisation=found[key], agreement=stage.service(key), name=name, minimum=minimum,
            period=Period(ends - timedelta(days=365 * years), ends), by=JOEL, at=at(today - timedelta(days=300), 9),
            approval=f"Resolution {ends.year - years}-0{years} of the Public Utilities Board",
        )  # fmt: skip


def _work_of_the_week(found: dict[str, Organisation], today: date) -> None:
    """What is due now: the planned work on Dock 102, a promise that is late, a visit with its next step."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    def ahead(days: int) -> date:
        return today + timedelta(days=days)

    _says(found["kelp-and-kettle"], "visit", "Saw the kettle start at 10:15 while the chillers ran. Tobias could wait half an hour.",  # noqa: E501
          day=ago(12), who="joel", step="Show Ines what a later start saves", due=ahead(1))  # fmt: skip
    for key in ("kelp-and-kettle", "lantern-dock"):
        relations.set_step(
            words=f"Planned work on Dock 102 on {ahead(12):%b %-d}, 8 am to noon: agree the hours with them",
            due_on=ahead(2), owner=_user("joel"), organisation=found[key], by=JOEL, at=at(ago(1), 16),
        )  # fmt: skip
    relations.set_step(words="Ask what they want after the contract: term, minimum, renewable share", due_on=today,
                       owner=_user("joel"), organisation=found["slackwater"], by=JOEL, at=at(ago(8), 9))  # fmt: skip
    quality = relations.open_issue(
        about=Issue.About.QUALITY, words="Lights dip when the welders start; the crane trips twice a week.",
        promised_on=ahead(3), owner=_user("joel"), organisation=found["lantern-dock"], on=ago(9),
        by=JOEL, at=at(ago(9), 11),
    )  # fmt: skip
    touch = TouchIn(uuid5(NAMESPACE_URL, "lantern-dock visit"), Touch.Kind.VISIT,
                    "Logged the voltage at the crane for an hour.", at(ago(6), 10))  # fmt: skip
    relations.log_touch(touch=touch, owner=_user("joel"), organisation=found["lantern-dock"], issue=quality, by=JOEL,
                        at=at(ago(6), 10, 40))  # fmt: skip
    relations.open_issue(
        about=Issue.About.OUTAGE, words="Lost samples in the last outage: they ask what backup would have cost.",
        promised_on=ago(1), owner=_user("joel"), organisation=found["mudflat"], on=ago(15), by=JOEL, at=at(ago(15), 15),
    )  # fmt: skip


def _hand_over(stage: Stage, today: date) -> None:
    """Dele's high bill has been explained twice; Dana hands it over with all that was said."""
    day = today - timedelta(days=1)
    relations.open_issue(
        about=Issue.About.COMPLAINT, owner=None, handed_over=True, account=stage.account("dele"), on=day, by=DANA,
        words="Third call about the same high bill. He wants somebody to look at the pump with him.",
        promised_on=today + timedelta(days=4), at=at(day, 15, 20),
    )  # fmt: skip


def _user(username: str) -> User:
    return User.objects.get(username=username)
