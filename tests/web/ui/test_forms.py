"""Fields take what people type, and say the same words at the field and in the summary."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from django.urls import get_resolver

from lamplighter.kernel.money import Money
from lamplighter.web.ui.forms import AsShown, DayField, Form, MoneyField, Option, OptionsField, problems


class Pay(Form):
    amount = MoneyField(label="Amount", most=Money(100_000), help_text="Past due is $186.42.")
    tender = OptionsField(
        label="Paid with", options={"cash": Option("Cash", "Count it", "c"), "check": Option("Check")}
    )
    on = DayField(label="Day", required=False)
    agree = forms.BooleanField(label="Agreed", required=False)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("60", 6000),
        ("$1,000.00", 100_000),
        (" 84.66 ", 8466),
        ("84.6", 8460),
        ("0.01", 1),
        ("1,000", 100_000),
    ],
)
def test_money_is_read_as_people_type_it(typed, cents):
    assert Pay({"amount": typed, "tender": "cash"}).is_valid()
    assert MoneyField().clean(typed) == Money(cents)


@pytest.mark.parametrize("typed", ["84.666", "ten", "1e5", "--5", "12,34.5.6", "12,50", "1,0,0", "60 50", ",500"])
def test_what_is_no_amount_is_refused_with_an_example(typed):
    assert Pay({"amount": typed, "tender": "cash"}).errors["amount"] == ["Enter dollars and cents, like 84.66."]


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2262-01-01"])
def test_a_day_that_is_a_slip_of_the_keys_is_refused(typed):
    """Its end, or its instant in another zone, may lie beyond what is a date at all."""
    form = Pay({"amount": "60", "tender": "cash", "on": typed})
    assert form.errors["on"] == ["Enter a day from 1900 to 2199."]
    assert Pay({"amount": "60", "tender": "cash", "on": "2026-11-22"}).is_valid()


class Ask(AsShown, Form):
    grants = forms.MultipleChoiceField(choices=[("12", "State"), ("13", "Port"), ("14", "None")])


def test_what_is_shown_before_it_is_confirmed_keeps_all_answers_of_a_field():
    """The grants are confirmed as they were chosen: one digit each, or the last alone, would be another choice."""
    asked = Ask(QueryDict("grants=12&grants=13"))
    assert asked.is_valid()
    asked.hold_to("two grants", "Look again.")
    hidden = re.findall(r'value="([^"]*)"', asked["grants"].as_hidden() + asked["digest"].as_hidden())
    assert hidden == ["12", "13", "two grants"]


@pytest.mark.parametrize(("typed", "words"), [("0", "Enter $0.01 or more."), ("1000.01", "Enter $1,000.00 or less.")])
def test_an_amount_has_bounds(typed, words):
    assert Pay({"amount": typed, "tender": "cash"}).errors["amount"] == [words]


def test_the_summary_leads_to_the_first_control_of_each_bad_field():
    form = Pay({"amount": "x"})
    assert [(p.field_id, p.message) for p in problems(form)] == [
        ("id_amount", "Enter dollars and cents, like 84.66."), ("id_tender_0", "Choose “Paid with”."),
    ]  # fmt: skip
    html = str(form)
    assert 'id="id_tender_0"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_error"' in html
    assert 'aria-invalid="true"' in html


def test_fields_keep_what_was_typed():
    html = str(Pay({"amount": "60.5", "tender": "check", "on": "2026-11-24"}))
    assert 'value="60.5"' in html
    assert 'value="2026-11-24"' in html
    assert 'value="check" id="id_tender_1" class="form-check-input" checked' in html


def test_a_day_is_offered_in_the_browsers_own_form():
    form = Pay(initial={"on": date(2026, 11, 24), "amount": Money(6000)})
    assert 'type="date"' in str(form["on"])
    assert 'value="2026-11-24"' in str(form["on"])
    assert 'value="60.00"' in str(form["amount"])


def test_options_show_their_hint_and_key():
    html = str(Pay()["tender"])
    assert 'data-key="c"' in html
    assert "Count it" in html


def test_no_form_lists_boxes_in_django_s_own_way():
    """It has no room for words beside its boxes: CheckRows and OptionsField have."""
    get_resolver().url_patterns  # noqa: B018 - so that every form of the program is defined
    plain = {forms.CheckboxSelectMultiple, forms.RadioSelect}
    found = [each for each in _below(Form) for field in each.base_fields.values() if type(field.widget) in plain]
    assert found == []


def _below(kind: type) -> set[type]:
    return {kind}.union(*(_below(each) for each in kind.__subclasses__()))


def test_an_answer_beyond_its_bounds_is_refused_by_the_name_of_its_field():
    """In the summary on top nothing else tells which field is meant."""

    class Terms(Form):
        off = forms.DecimalField(label="Off energy charges (%)", max_value=100, min_value=-100)
        words = forms.CharField(label="Words", max_length=5)

    wrong = Terms({"off": "300", "words": "longer"})
    assert dict(wrong.errors) == {
        "off": ["“Off energy charges (%)” is 100 at most."],
        "words": ["“Words” has 6 characters, and 5 at most are kept."],
    }
    assert dict(Terms({"off": "-300", "words": "fit"}).errors) == {
        "off": ["“Off energy charges (%)” is -100 at least."]
    }
