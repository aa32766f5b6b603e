"""How a sign-in or a payment that was tried from afar is told: what happened, what to say, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from lamplighter.payments.cards.attempts import Attempt
from lamplighter.platform.queries.signins import SignIn
from lamplighter.web.ui.parts import Badge, Fact, Link, Tone
from lamplighter.web.ui.wording import moment

SIGN_INS = {"Closed": Tone.BAD, "Locked": Tone.BAD, "Never used": Tone.WATCH, "Open": Tone.GOOD}


@dataclass(frozen=True, slots=True)
class Told:
    """A heading with its badge, and the sentences below it."""

    title: str
    badge: Badge
    facts: list[Fact]


def sign_in_told(found: SignIn, *, unlock: str, on: date) -> Told:
    """`unlock` is where a locked one is unlocked."""
    why, say, do = _about_sign_in(found, on)
    act = Link("Unlock", unlock, panel=True) if found.state == "Locked" else None
    last = moment(found.last_in, on) if found.last_in else "never"
    facts = [Fact("Last signed in", last), *_sentences(why, say, do, act)]
    return Told(f"{found.user.username} · {found.user.name}", Badge(found.state, SIGN_INS[found.state]), facts)


def attempt_told(one: Attempt, *, number: str, on: date) -> Told:
    page = Link("See what they see", reverse("desk:seen-link", args=[number, one.link.pk])) if one.link else None
    facts = [Fact("When", moment(one.at, on), page), *_sentences(one.found.why, one.found.say, one.found.do)]
    tone = Tone.BAD if one.found.failed else Tone.PLAIN
    return Told(f"{one.how}, {one.amount}", Badge(one.found.state, tone), facts)


def _sentences(why: str, say: str, do: str, act: Link | None = None) -> list[Fact]:
    return [Fact("What happened", why), *([Fact("Say", f"\u201c{say}\u201d"), Fact("Do", do, act)] if do else [])]


def _about_sign_in(found: SignIn, on: date) -> tuple[str, str, str]:
    wrong = (
        f"{found.tries} tries failed in the last hour, the last {moment(found.last_try, on)}." if found.last_try else ""
    )
    match found.state:
        case "Closed":
            return ("The login was closed.", "Your online access was closed.",
                    "Ask an administrator why, and whether it is opened again.")  # fmt: skip
        case "Locked":
            assert found.locked_until is not None
            return (wrong, "Too many wrong passwords locked the sign-in. We can unlock it now.",
                    f"Make sure who it is; unlock. By itself it opens {moment(found.locked_until, on)}.")  # fmt: skip
        case "Never used":
            return ("Nobody has signed in with it yet.", "You get an invitation to choose a password.",
                    "Ask an administrator for a new invitation.")  # fmt: skip
        case _ if wrong:
            return (wrong, "The password did not match. Choose Forgot your password on the sign-in page.",
                    "Make sure that they use this name, in small letters.")  # fmt: skip
    return "No try failed in the last hour.", "", ""
