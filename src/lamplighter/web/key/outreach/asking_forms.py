"""The forms of surveys: what is asked, of whom, and the answers as they are taken down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lamplighter.customers.models import Person
from lamplighter.outreach.models import Survey
from lamplighter.outreach.rules.questions import Kind, Question
from lamplighter.web.key.outreach.forms import SEGMENT, SegmentFields
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.visits import Visit

SAMPLE = "rating: How easy was it to get help?\nrating: How well was it solved?\nwords: What should we do better?"
RATINGS = {str(value): Option(label) for value, label in (
    (5, "5, very good"), (4, "4"), (3, "3"), (2, "2"), (1, "1, very poor"),
)}  # fmt: skip

__all__ = ["SAMPLE", "SEGMENT", "Answers", "Invite", "NewSurvey", "SurveyWords"]


class NewSurvey(Once, SegmentFields, Form):
    """After contacts, or of a segment once a year."""

    name = forms.CharField(label="Survey", max_length=60)
    when = OptionsField(label="Asks", options={key: Option(str(label)) for key, label in Survey.When.choices},
                        initial="after")  # fmt: skip
    field_order = ("name", "when")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(now)


class SurveyWords(Once, Form):
    language = forms.ChoiceField(label="Language", choices=Person.Language.choices)
    intro = forms.CharField(label="Why we ask, in a sentence", max_length=300)
    text = forms.CharField(
        label="Questions, a line each", widget=forms.Textarea({"rows": 6}), max_length=2000,
        help_text="Begin a line with “rating:” (1 to 5) or “words:”.",
    )  # fmt: skip


class Invite(Once, Form):
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class Answers(Form):
    """Every question of a survey; on the phone also who answers."""

    def __init__(self, *args: Any, questions: Sequence[Question], asks_who: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        if asks_who:
            self.fields["who"] = forms.CharField(label="Account or person number", max_length=20)
        for one in questions:
            if one.kind is Kind.RATING:
                self.fields[one.field] = OptionsField(
                    label=one.words, options=RATINGS, error_messages={"required": f"Answer “{one.words}”."}
                )
        written = next((one.words for one in questions if one.kind is Kind.WORDS), "")
        self.fields["words"] = forms.CharField(
            label=written or "Anything else?", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
        )
        self.fields["calls_back"] = forms.BooleanField(label="Please call me about it", required=False)

    def ratings(self) -> dict[int, int]:
        """By the number of the question."""
        return {one.number: int(self.cleaned_data[one.field]) for one in self.questions if one.kind is Kind.RATING}
