"""The administrator sets due days, late charges and back-billing from a day on."""

from __future__ import annotations

from datetime import date

from lamplighter.billing.models import BillingPolicy
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import Policy
from lamplighter.platform.models import Event
from tests.web.administration.conftest import ADA, send, text

HERE, SET = "/admin-desk/rules/billing/", "/admin-desk/rules/billing/do/set/"


def filled(client, **fields):
    """The form opens with the rules in force."""
    form = client.get(SET).context["form"]
    shown = {name: form[name].field.widget.format_value(form[name].value()) for name in form.fields}
    return {name: value for name, value in shown.items() if value and name != "request_key"} | fields


def test_rules_are_set_from_a_day_on_and_told(ada):
    assert "None is set: bills are due after 21 days, and late by 1.5%." in text(ada.get(HERE))
    sent = filled(ada, due_days="30", citation="Resolution 26-14", start="2099-01-01")
    assert send(ada, SET, **sent)["Location"] == HERE
    assert policy_on(date(2098, 12, 31)) == Policy()
    assert policy_on(date(2099, 1, 1)) == Policy(due_days=30)
    said = text(ada.get(HERE))
    assert "Thu, Jan 1, 2099" in said
    assert "Resolution 26-14" in said
    assert Event.objects.get(name="billing.policy.set").actor == ADA


def test_what_makes_no_sense_is_refused_in_words(ada):
    refused = send(ada, SET, **filled(ada, due_days="400", citation="Resolution 26-14", start="2099-01-01"))
    assert refused.status_code == 422
    assert "A bill is due within 1 to 90 days, not 400." in text(refused)
    assert not BillingPolicy.objects.exists()


def test_who_does_not_configure_sets_no_rules(signed_in):
    for role in ("billing-analyst", "csr"):
        client = signed_in(role)
        assert [client.get(HERE).status_code, send(client, SET).status_code] == [403, 403]
