"""Duties of several steps that managers of the demo city's key accounts play from their first page to their last."""

from __future__ import annotations

from lamplighter.notices.models import Notice
from lamplighter.outreach.models import Announcement, Told
from tests.browser.key.walk import TODAY, Walk

BREWERY, LABORATORY = "Kelp & Kettle Brewing", "Mudflat Biosciences"


def announces_work(joel: Walk, renee: Walk) -> None:
    """Work on the hospital's feeder: whom it reaches, what they read, a second person, and who confirmed it."""
    title = "Test the switch at Heron Court"
    joel.looks_at("/key/notices/").does("plan", kind="outage", title=title, reason="switch", feeder="Otis 201",
                                        day="2026-12-07", begins="06:00", ends="08:00", contact="joel")  # fmt: skip
    joel.reads("Grant Mikkelsen", "2400 Heron Ct", "We will turn off power to").does("ask")
    found = Announcement.objects.latest("pk")
    assert not Notice.objects.filter(subject=found.subject).exists(), "nothing goes out on one person's word"
    renee.approves(title)
    told = Told.objects.get(announcement=found, person__name="Grant Mikkelsen").notice
    assert (told.channel, "6:00–8:00 am" in told.words.read[0].body) == ("text", True)
    joel.looks_at(f"/key/notices/{found.pk}/").reads("Renee Abernathy", "Three Herons Medical Center", "Not yet")
    joel.does("confirm", who="Grant Mikkelsen", how="call")
    joel.reads("Three Herons Medical Center: Grant Mikkelsen", "noted by Joel Castellanos")


def invites_to_the_fair(joel: Walk) -> None:
    """Everybody on GS-2 is written to; the brewery answers, gets a place, and what it wanted is followed up."""
    joel.looks_at("/key/campaigns/").does("plan", name="Vans at the fair", rate="GS-2", by_way_of="either",
                                          topic="vehicles", gathering="Bright Nights Fair")  # fmt: skip
    joel.does("words", language="en", about="Charge your vans at night", words="Ask us at the fair what it costs.")
    joel.reads("on GS-2", "Ask us at the fair what it costs.").does("send")
    joel.turns_to(BREWERY).answers(said="yes", how="call", words="Two vans by spring.")
    joel.looks_at("/key/").reads(f"Answer {BREWERY}: vehicles and charging")
    joel.looks_at("/key/events/").turns_to("Open")
    joel.does("sign-up", name="Ines Calloway", of=BREWERY, email="ines.calloway@example.net").reads("Ines Calloway")
    joel.looks_at("/key/leads/").turns_to(BREWERY).does("close", outcome="won", words="Two chargers in the yard.")
    joel.looks_at("/key/campaigns/vans-at-the-fair/").reads("1 interested, 0 not now", "0 open, 1 went ahead")


def brings_lofts_to_power(priya: Walk) -> None:
    """From the request over its letter, offer, meeting and contribution to power."""
    priya.looks_at("/key/pipeline/").does(
        "open", name="Rope Walk Lofts", developer="foundry-row", place="2710 Rope Walk", feeder="Foundry 301",
        customer_class="residential", wanted_on="2027-03-15", ramp_months="6", user="priya",
    )  # fmt: skip
    priya.does("letter", stated_kva="120", size_flats="40").reads("100.8 kVA, 95.8 kW", "120.0 kVA", "Load letter in")
    priya.does("stage", stage="study").does("stage", stage="offered")
    line = "Line extension from Hemp St"
    priya.does("need", kind="contribution", words=line, amount="42,000.00", waits_on="developer")
    priya.does("meeting", kind="meeting", words="Noelle Abara takes the offer, with one meter room.",
               step="Send the agreement", step_due="2026-11-27", user="priya")  # fmt: skip
    priya.reads("Noelle Abara takes the offer", f"Contribution: {line}").presses("Done: Send the agreement")
    priya.turns_to(f"Contribution: {line}").answers(reference="Invoice 80131")
    for stage in ("agreed", "building", "energised"):
        priya.does("stage", stage=stage)
    priya.turns_to("Print").reads("Rope Walk Lofts Energised", "Invoice 80131", "Noelle Abara takes the offer")


def plans_a_lower_peak(joel: Walk) -> None:
    """The cold store's plan stands open: an action with its owner, the paper, and the review of what was done."""
    words = "Start the compressors one after the other"
    joel.does("action", words=words, goal="Peak below 950 kW", due_on="2026-12-11", owner="joel")
    joel.turns_to("Print").reads(words)
    assert joel.sheets() == 4
    joel.goes_to("Plan").presses(f"Done: {words}").reads(f"Done {words}")
    joel.does("review", situation="The compressors start one after the other.", review_on="2027-02-19")
    joel.reads("The compressors start one after the other.", "looked at on").looks_at("/key/plans/")
    joel.reads("Northquay Cold Storage")


def serves_a_mandate(renee: Walk, joel: Walk) -> None:
    """A goal of the harbor's is reached by the brewery's battery, whose rebate waits for a second person."""
    renee.looks_at("/desk/rebates/goals/").does(
        "mandate", kind="strategy", title="Clean Harbor Plan", words="No diesel at the docks by 2035.",
        source="Port commission 2026-7, page 3", on="2026-07-01",
    )  # fmt: skip
    renee.does("goal", mandate="Clean Harbor Plan", words="One project of the docks", kpi="projects", target="1",
               starts_on="2026-07-01", due_on="2027-06-30", programs=["electrification"])  # fmt: skip
    assert "Behind" in goal_row(renee)
    renee.approves("Pay rebate")
    assert "Reached" in goal_row(joel.looks_at("/desk/rebates/goals/"))
    joel.turns_to("Print").reads("Clean Harbor Plan", "How this is counted")


def goal_row(walk: Walk) -> str:
    return next(row for row in walk.rows("goals") if "One project of the docks" in row)


def looks_into(joel: Walk, *, cause: str, found: str, right: str, owner: str) -> Walk:
    """An issue that stands open: what caused it, and what is put right by whom."""
    joel.does("investigate", who="joel", due_on="2026-11-25").does("find", cause=cause, words=found)
    return joel.does("correct", words=right, owner=owner, due_on="2026-11-27")


def offers_backup(joel: Walk, number: str) -> None:
    """What the laboratory lost, why, and what would hold it up: found, offered by letter, and kept beside its power."""
    found, right = "A tree lay on the line of the Slough.", "Offer a UPS for the freezers, with its price"
    looks_into(joel.turns_to(f"Issue {number}"), cause="outside", found=found, right=right, owner="joel")
    joel.does("tell").does("close", outcome="answered", words="They have the price of a UPS beside what they lost.")
    joel.opens(LABORATORY, "Power").reads(f"Issue {number}: cause", found, f"{right} (Joel Castellanos, by Fri, Nov 27")


def settles_a_complaint(joel: Walk, priya: Walk) -> None:
    """The finding becomes somebody's step, which is done; a letter tells it, and the complaint counts by its cause."""
    right = "Ask for a number that is answered at night"
    looks_into(joel, cause="mistake", found="Their number was an old one.", right=right, owner="priya")
    priya.looks_at("/key/").presses(f"Done: {right}")
    joel.does("tell").reads("Their number was an old one.", f"{right} (Priya Raman, done Fri, Nov 20", "Written")
    joel.does("close", outcome="solved", words="Hana Okabe's own number is called now.")
    joel.reads("Hana Okabe's own number is called now.").looks_at("/key/complaints/").reads("A mistake of ours: 1")


def writes_a_procedure(joel: Walk, renee: Walk, dana: Walk) -> None:
    """Drafted by one, adopted by another, and found by a third by what it says."""
    joel.looks_at("/desk/policies/").does(
        "texts/do/begin/policy", title="Calls before work", about="key", owner="joel", citation="Resolution 26-120",
        words="Whoever can't be without power is **called** two days before any planned work.",
    )  # fmt: skip
    joel.does("propose", since=TODAY.isoformat())
    renee.approves("Calls before work")
    dana.looks_at("/desk/policies/", q="called planned work").turns_to("Calls before work")
    dana.reads("In force from", "Resolution 26-120", "is called two days before any planned work")


def takes_over(manager: Walk, issue: str, answer: str) -> Walk:
    """An issue that a representative handed over, to its answer."""
    manager.looks_at(f"/key/issues/{issue}/").reads("Handed over by", "Dana Reyes").does("take")
    manager.does("note", kind="call", words="Said so on the telephone.").reads("Said so on the telephone.")
    return manager.does("close", outcome="answered", words=answer)
