"""A utility, a template in some languages, and a customer to write to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.money import Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice, Template
from lamplighter.notices.operations import compose, draft_template, load_starter_templates, propose, set_sender
from lamplighter.notices.queries import Request, draft
from lamplighter.notices.rules.fields import Field, FieldType
from lamplighter.notices.rules.wording import Content, Translation, Wording
from lamplighter.platform.operations.approvals import approve
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

AT = datetime(2026, 11, 18, 18, tzinfo=UTC)
DANA, RENEE, TOWN, GATEWAY = staff("dana"), staff("renee"), system("town"), system("gateway")
NAME, HOME = "Thi Hoa Nguyen", ("Thi Hoa Nguyen", "1418 Pacific Ave Apt B", "Marisol Bay, CA 90555")
ENGLISH = Wording(
    Language.ENGLISH,
    (
        ("subject", "Please pay {{ amount }} by {{ pay_by }}"),
        ("why.late", "Your payment is late."),
        ("why.broken", "Your plan was not kept."),
        ("ask", "{{ customer }}: {{ why }} You owe {{ amount }}."),
        ("help", "Call {{ phone }}."),
    ),
    Translation.ORIGINAL,
)
VIETNAMESE = Wording(
    Language.VIETNAMESE,
    (
        ("subject", "Xin trả {{ amount }} trước {{ pay_by }}"),
        ("why.late", "Quý vị trả trễ."),
        ("why.broken", "Quý vị không trả theo lịch."),
        ("ask", "{{ customer }}: {{ why }} Quý vị thiếu {{ amount }}."),
        ("help", "Gọi {{ phone }}."),
    ),
    Translation.CERTIFIED,
)
FIELDS = (
    Field("customer", FieldType.TEXT, "Alex Sample"),
    Field("amount", FieldType.MONEY, "186.42"),
    Field("pay_by", FieldType.DAY, "2026-12-03"),
    Field("why", FieldType.CHOICE, "late"),
)
CONTENT = Content("reminder", Channel.LETTER, "Reminder", FIELDS, (ENGLISH, VIETNAMESE))
VALUES = {"customer": NAME, "amount": Money(18642), "pay_by": date(2026, 12, 3), "why": "late"}
ASK = Request(
    "reminder",
    Channel.LETTER,
    Language.VIETNAMESE,
    "test:1",
    "account:204518-7",
    "person:8812",
    HOME,
    VALUES,
    account=7,
)


def ask(**changes):
    return replace(ASK, **changes)


def language_line():
    wordings = (
        Wording(Language.ENGLISH, (("body", "Help is free: {{ phone }}."),), Translation.ORIGINAL),
        Wording(Language.SPANISH, (("body", "Ayuda gratis: {{ phone }}."),), Translation.CERTIFIED),
        Wording(Language.VIETNAMESE, (("body", "Giúp miễn phí: {{ phone }}."),), Translation.CERTIFIED),
    )
    return Content("language-line", Channel.TEXT, "Language line", (), wordings)


def adopt(content, at=AT):
    template = draft_template(content=content, by=DANA, at=at)
    approve(approval=propose(template=template, by=DANA, at=at), by=RENEE, at=at)
    return Template.objects.get(pk=template.pk)


def composed(at=AT, **changes) -> Notice:
    return compose(drafts=[draft(ask(**changes))], by=DANA, at=at)[0]


@pytest.fixture
def utility(db):
    return set_sender(
        utility="Marisol Bay Power", phone="(510) 555-0100", website="mbp.example", office="800 Foundry St",
        email="service@marisolbaypower.example", by=RENEE, at=AT,
    )  # fmt: skip


@pytest.fixture
def reminder(utility):
    adopt(language_line())
    return adopt(CONTENT)


@pytest.fixture
def starters(utility):
    return load_starter_templates(by=TOWN, at=AT, demo_town=True)
