"""The only ways in which money comes in, moves and is counted."""

from lamplighter.payments.operations.moving import move_payment
from lamplighter.payments.operations.periods import end_period, say_total
from lamplighter.payments.operations.posting import EventIn, post_event, post_events
from lamplighter.payments.operations.restricting import begin_cash_only, end_cash_only
from lamplighter.payments.operations.reversing import reverse_event
from lamplighter.payments.operations.sources import balance_control, define_source, open_control, standing_control

__all__ = [
    "EventIn",
    "balance_control",
    "begin_cash_only",
    "define_source",
    "end_cash_only",
    "end_period",
    "move_payment",
    "open_control",
    "post_event",
    "post_events",
    "reverse_event",
    "say_total",
    "standing_control",
]
