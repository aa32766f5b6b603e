"""A random history of a teller's acts with money is what a model says, at every step, from the drawer to the bank."""

import hypothesis
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lamplighter.journeys.control import books_balance, cash_ties, deposits_hold, journals_hold, tenders_are_controlled
from lamplighter.ledger.queries import trial_balance
from lamplighter.payments.cash.tying import CODES
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.teller import ACTS, Teller, open_shop

HELD = (books_balance, cash_ties, deposits_hold, journals_hold, tenders_are_controlled)


def test_a_tellers_days_are_what_a_model_says(place, settings, tmp_path):  # noqa: F811
    """The sum of what was done is the drawer, the sub-ledger, the general ledger and, through the clearing accounts,
    the bank. The long form, by several processes: tests/soak/soak_cash.py."""
    settings.STATE = tmp_path
    mine = open_shop(["ana"], place, each=3)["ana"]

    class Days(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.undone = transaction.atomic()
            self.undone.__enter__()
            self.teller = Teller("ana", mine)

        @rule(what=st.sampled_from(sorted(ACTS)), dice=st.randoms(use_true_random=False))
        def act(self, what, dice):
            self.teller.act(what, dice)

        @invariant()
        def everything_is_as_the_model_says(self):
            self.teller.check()
            found = {code.key: code.payoff.cents for code in trial_balance() if code.key in CODES and code.payoff}
            expected = {code: cents for code, cents in self.teller.codes.items() if code in CODES and cents}
            assert found == expected

        def teardown(self):
            try:
                assert [control().differences for control in HELD] == [()] * len(HELD)
            finally:
                transaction.set_rollback(True)
                self.undone.__exit__(None, None, None)

    tries = hypothesis.settings(
        max_examples=8, stateful_step_count=30, suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(Days, settings=tries)
