"""What the network knows, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.types import FOUND, NOT_DONE
from lamplighter.formats.network.messages import EventKind
from lamplighter.network.models import CheckAnswer, Command, MeterEvent
from lamplighter.network.queries.checking import Standing
from lamplighter.network.rules import guiding
from lamplighter.network.rules.guiding import Known, Question
from lamplighter.network.rules.knowing import SwitchView
from lamplighter.network.types import LABELS, PATIENCE
from lamplighter.web.ui.parts import Badge, Tone
from lamplighter.web.ui.wording import moment

TONES = {
    EventKind.TAMPER.value: Tone.BAD, EventKind.REVERSE.value: Tone.BAD, EventKind.LAST_GASP.value: Tone.WATCH,
    EventKind.RESTORED.value: Tone.GOOD,
}  # fmt: skip
STATES = {
    "Waiting to be sent": Tone.PLAIN, "Sent": Tone.INFO, "On its way": Tone.INFO, "Done": Tone.GOOD,
    "Failed": Tone.BAD, "No answer": Tone.WATCH,
}  # fmt: skip
SWITCH = {
    "on": ("On", Tone.GOOD), "off": ("Off", Tone.BAD), "armed": ("Armed", Tone.WATCH),
    "unknown": ("Unknown", Tone.WATCH),
}  # fmt: skip
QUESTIONS = {
    one.key: one
    for one in (
        guiding.SAFETY, guiding.PING, guiding.NEIGHBORS, guiding.POWER, guiding.STREET, guiding.EXTENT, guiding.DIM,
        guiding.MAIN, guiding.RESET, guiding.BUTTON,
    )
}  # fmt: skip


def switch_badge(view: SwitchView) -> Badge:
    text, tone = SWITCH[view.state]
    return Badge(f"Switch {text.lower()}", tone)


def switch(view: SwitchView, on: date) -> str:
    """`Unknown since 9:40 am; it was on before`."""
    text = SWITCH[view.state][0]
    since = f" since {moment(view.since, on)}" if view.since else ""
    known = f"{since} by our records" if view.recorded else f", seen {moment(view.since, on)}" if view.since else ""
    seen = since if view.state == "unknown" else known
    before = f"; it was {view.last} before" if view.state == "unknown" and view.last else ""
    asked = f". {LABELS[view.asked]} is under way." if view.asked else ""
    return f"{text}{seen}{before}{asked}"


def measured(event: MeterEvent) -> str:
    """`108.9 V for 40 s`, as far as the meter told it."""
    volts = f"{event.volts.normalize():f} V" if event.volts is not None else ""
    lasted = f"for {event.seconds.normalize():f} s" if event.seconds is not None else ""
    return f"{volts} {lasted}".strip()


def command_badge(command: Command) -> Badge:
    text = str(command.get_state_display())
    return Badge(text, STATES[text])


def usual(command: Command | None) -> str:
    """`Usually 10 to 40 seconds; given up after 60.`"""
    if command is None:
        return ""
    patience = PATIENCE[command.kind]
    return f"Usually {patience.usual}; given up after {patience.expires} seconds."


def result(command: Command | None, known: Known) -> str:
    """What the ping came to, and how long it took."""
    if command is None or known.ping == "waiting":
        return ""
    end = command.ended_at or command.expires_at
    took = round((end - command.asked_at).total_seconds())
    if known.ping == "silent":
        return f"The meter did not answer in {took} seconds."
    return f"The meter answered in {took} {'second' if took == 1 else 'seconds'}: {command.words}."


def neighbors(found: Standing) -> str:
    """`3 of 6 answer; 2 lost power (E-77 ...)`."""
    near = found.neighbors
    if not near.badges:
        return ""
    parts = [f"{len(near.badges)} on the same street and feeder"]
    if near.answering:
        parts.append(f"{len(near.answering)} with power today")
    if near.dark:
        parts.append(f"{len(near.dark)} without power: {', '.join(near.dark)}")
    if not near.answering and not near.dark:
        parts.append("none was heard today")
    return "; ".join(parts)


def told(answers: Sequence[CheckAnswer]) -> list[tuple[str, str]]:
    """Each question that was answered, with the newest answer in its words."""
    newest = {one.question: one.answer for one in answers}
    return [
        (QUESTIONS[key].words, dict(QUESTIONS[key].answers).get(said, "Done"))
        for key, said in newest.items() if key in QUESTIONS and not _act(QUESTIONS[key])
    ]  # fmt: skip


def _act(question: Question) -> bool:
    return bool(question.act)


def found_by_crews(numbers: Collection[str]) -> dict[str, str]:
    """What crews found on these orders, or where they stand; two queries."""
    orders = Order.objects.filter(number__in=numbers).prefetch_related("reports__remark")
    return {order.number: _found(order) for order in orders}


def _found(order: Order) -> str:
    report = max(order.reports.all(), key=lambda one: one.pk, default=None)
    if report is None:
        return f"order {str(order.get_state_display()).lower()}"
    said = FOUND.get(report.data.get("found", ""), "") or NOT_DONE.get(report.reason, "") or "done"
    return f"crew: {said.lower()}{'. ' + str(report.remark) if report.remark else ''}"
