"""Slides and a letter from the brewery's own data, made through the pages, opened and read."""

from __future__ import annotations

import io
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader

from lamplighter.accounts.models import Agreement
from lamplighter.advice.scenario import scenario_of_words
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.comparing_rates import compare_rates
from lamplighter.billing.queries.peak_costs import peak_costs
from lamplighter.billing.queries.service_years import service_year
from lamplighter.jobs import messages as jobs
from lamplighter.kernel.money import total
from lamplighter.keyaccounts.models import Organisation, Paper, SlideTemplate
from lamplighter.keyaccounts.operations.plans import save_scenario
from lamplighter.keyaccounts.operations.relations import set_step
from lamplighter.notices.gateways.files import outbox_folder
from lamplighter.notices.operations import set_sender
from lamplighter.platform.models import User
from lamplighter.platform.queries.files import path_of
from tests.duties.playing import DONE, fills
from tests.keyaccounts.conftest import JOEL, TODAY
from tests.keyaccounts.world import Clock, answers, world

KELP = "kelp-kettle-brewing"
SOON = (TODAY + timedelta(days=20)).isoformat()


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("papers"), django_db_blocker) as made:
        set_sender(utility="Marisol Bay Power", phone="(510) 555-0100", website="marisolbaypower.example",
                   office="800 Foundry St", email="service@example.net", by=JOEL, at=made.town.at)  # fmt: skip
        service = Agreement.objects.get(account=made.town.homes["Kelp"].account)
        for name, said in (("Stagger the kettle", "stagger.level_kw=300"), ("Battery", "battery.kwh=200")):
            save_scenario(organisation=made.kelp, agreement=service, name=name, by=JOEL, at=made.town.at,
                          changes=scenario_of_words((said,)).stored())  # fmt: skip
        yield made


@pytest.fixture
def city(built, db, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return built


@pytest.fixture
def joel(city):
    return city.be("joel")


@pytest.fixture
def service(city):
    return Agreement.objects.get(account=city.town.homes["Kelp"].account)


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def has_a_plan(joel, service):
    fills(joel, url("do-plan", KELP), situation="The kettle sets the peak.")
    fills(joel, url("do-goal", KELP), title="Peak below 280 kW", measure="peak-kw", service=str(service.pk),
          target="280", due_on=SOON)  # fmt: skip
    goal = Organisation.objects.get(slug=KELP).plans.get().goals.get()
    set_step(words="Try the kettle later", due_on=TODAY + timedelta(days=9), owner=User.objects.get(username="joel"),
             organisation=goal.plan.organisation, goal=goal, by=JOEL, at=Clock.now())  # fmt: skip


def slides_of(joel):
    fills(joel, url("do-deck", KELP))
    kept = Paper.objects.get(kind=Paper.Kind.DECK)
    answer = joel.get(url("paper", KELP, kept.pk))
    return Presentation(io.BytesIO(b"".join(answer.streaming_content)))


def test_am_06_six_slides_tell_the_accounts_own_year_peaks_rates_and_goals_to_the_cent(joel, service):
    """KAM-K13: six slides from the plan."""
    has_a_plan(joel, service)
    deck = slides_of(joel)
    assert [slide.shapes.title.text for slide in deck.slides] == [
        "Kelp & Kettle Brewing: your electricity", "A year of your power", "Your peaks, and what they cost",
        "Your rate beside others", "What could be different", "What we plan together",
    ]  # fmt: skip
    bills = list(Segment.objects.filter(agreement=service, cancelled_at__isnull=True).order_by("-period")[:12])
    assert str(total(bill.total for bill in bills)) in words(deck.slides[1])
    (chart,) = (shape.chart for shape in deck.slides[1].shapes if shape.has_chart)
    assert [int(value) for value in chart.plots[0].series[0].values] == [int(bill.kwh) for bill in reversed(bills)]
    costs = peak_costs(service_year(service, on=TODAY), count=5)
    assert [row[3] for row in table(deck.slides[2])[1:]] == [str(one.cost) for one in costs.peaks if one.cost]
    rates = compare_rates(service, on=TODAY)
    assert [row[2] for row in table(deck.slides[3])[1:]] == [str(one.year.total) for one in rates.options]
    assert table(deck.slides[5])[1][:3] == ["Peak below 280 kW", "300 kW", "280 kW"]
    assert "Try the kettle later" in words(deck.slides[5])


@pytest.mark.windowless
def test_am_06_the_slides_can_be_changed_and_nothing_on_them_runs_over(joel, service):
    has_a_plan(joel, service)
    deck = slides_of(joel)
    for slide in deck.slides:
        assert not any(shape.shape_type is not None and shape.shape_type.name == "PICTURE" for shape in slide.shapes)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
    assert deck.slide_width == Inches(13.333)


@pytest.mark.windowless
def test_am_06_the_same_slides_are_to_be_had_as_pdf_and_a_letter_of_two_pages(joel, service):
    """KAM-K13: as PDF too."""
    has_a_plan(joel, service)
    fills(joel, url("do-deck", KELP))
    shown = pdf_of(Paper.Kind.SLIDES)
    assert len(shown.pages) == 6
    assert "Your peaks, and what they cost" in shown.pages[2].extract_text()
    opened = joel.get(url("do-letter", KELP)).context["form"]
    assert "10:15 am" in opened["opening"].value(), "the habit that costs the most is named at once"
    fills(joel, url("do-letter", KELP), opening="Ines, we talked about your kettle.")
    letter = pdf_of(Paper.Kind.LETTER)
    first, second = (page.extract_text() for page in letter.pages)
    assert "Ines, we talked about your kettle." in first
    assert "A year of your power" in first
    for title in ("Your peaks, and what they cost", "Your rate beside others", "What we plan together"):
        assert title in second
    assert "Joel Castellanos" in second
    page = answers(joel.get(url("papers", KELP)))
    assert "PDF: " in page
    assert "PowerPoint: " in page


@pytest.mark.windowless
def test_am_06_a_letter_that_would_not_stay_on_two_pages_is_refused(joel):
    form = joel.get(url("do-letter", KELP)).context["form"]
    said = {name: form[name].value() or "" for name in form.fields}
    refused = joel.sends(url("do-letter", KELP), {**said, "opening": "word " * 200})  # the page holds no more than fit
    assert refused.status_code == 422
    assert not Paper.objects.exists()


@pytest.mark.windowless
def test_am_06_slides_stand_on_the_utilitys_own_template_and_a_wrong_file_is_refused_by_name(joel):
    def send(content):
        file = SimpleUploadedFile("ours.pptx", content)
        return fills(joel, url("do-template"), since=TODAY.isoformat(), file=file)

    refused = send(b"no slides at all")
    assert "This is no PowerPoint file" in refused.content.decode()
    used, ours = Presentation(), io.BytesIO()
    used.slides.add_slide(used.slide_layouts[0])
    used.save(ours)
    assert "Save it without slides" in send(ours.getvalue()).content.decode()
    named, ours = Presentation(), io.BytesIO()
    named.slide_width, named.slide_height = Inches(10), Inches(5.625)
    named.save(ours)
    assert send(ours.getvalue()).status_code in DONE
    assert SlideTemplate.objects.get().since == TODAY
    deck = slides_of(joel)
    assert (deck.slide_width, len(deck.slides)) == (Inches(10), 6)
    for slide in list(deck.slides)[1:]:
        for shape in slide.shapes:
            assert shape.top + shape.height <= deck.slide_height, "laid out by shares of whatever size it has"


@pytest.mark.windowless
def test_am_06_where_nothing_can_be_told_the_slide_says_why(joel, service):
    Segment.objects.filter(agreement=service, period__endswith__gt=TODAY - timedelta(days=200)).update(
        cancelled_at=Clock.now()
    )
    deck = slides_of(joel)
    assert len(deck.slides) == 6
    assert "There are 6 bills here over 184 days." in words(deck.slides[2])
    assert not table(deck.slides[3]), "a comparison on half a year would mislead"
    assert "We have no plan together yet." in words(deck.slides[5])


@pytest.mark.windowless
def test_am_06_an_organisation_without_a_service_has_no_papers_to_make(joel):
    fills(joel, url("do-add"), kind="agency", name="Bay Air Quality Agency")
    assert "Make the slides" not in answers(joel.get(url("papers", "bay-air-quality-agency")))


def pdf_of(kind):
    return PdfReader(path_of(Paper.objects.get(kind=kind).file_id))


def words(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) + "\n".join(
        " ".join(row) for row in table(slide)
    )


def table(slide):
    found = next((shape.table for shape in slide.shapes if shape.has_table), None)
    return [[cell.text for cell in row.cells] for row in found.rows] if found else []


def test_am_03_a_peak_becomes_a_goal_of_the_plan_and_its_chart_goes_by_email(joel, service):
    """K3: both acts stand on the page of the peak, which the table of peaks leads to."""
    fills(joel, url("do-plan", KELP), situation="The kettle sets the peak.")
    fills(joel, url("do-tie", KELP), given="Ines", family="Calloway", part="decides", title="Owner", mobile="",
          number="", email="ines@example.net")  # fmt: skip
    table = joel.get(url("load", KELP), {"panel": "peaks"}).context["filled"].context["grid"].table
    row = next(one for one in table.rows if one.record["kw"] == 412)
    acts = {one.label: one.url for one in joel.get(row.record["url"]).context["actions"]}
    form = joel.get(acts["Add to plan"]).context["form"]
    assert [form[name].value() for name in ("measure", "service")] == ["peak-kw", str(service.pk)]
    assert form["target"].value() == str(row.record["without"])
    fills(joel, acts["Add to plan"], title="Below the other days", target="280", due_on=SOON)
    assert Organisation.objects.get(slug=KELP).plans.get().goals.get().measure == "peak-kw"
    joel.get(acts["Email the chart"])
    fills(joel, acts["Email the chart"], body="See Tuesday, please.")
    assert jobs.send_messages() == 1
    mail = BytesParser(policy=policy.default).parsebytes(max((outbox_folder() / "email").glob("C-*.eml")).read_bytes())
    assert mail["To"] == "ines@example.net"
    assert "See Tuesday, please." in mail.get_body().get_content()
    (chart,) = mail.iter_attachments()
    assert "412 kW at 10:15 am" in PdfReader(io.BytesIO(chart.get_content())).pages[0].extract_text()
    assert f"with peak-{row.record['on']}.pdf" in answers(joel.get(url("account", KELP)))


@pytest.mark.windowless
def test_am_06_slides_and_a_letter_go_by_email_as_they_were_made(joel):
    """K3: whichever was made is chosen, and goes to one of their people with the manager's words."""
    assert "Email a paper" not in answers(joel.get(url("papers", KELP))), "nothing was made yet"
    fills(joel, url("do-tie", KELP), given="Ines", family="Calloway", part="decides", title="Owner", mobile="",
          number="", email="ines@example.net")  # fmt: skip
    fills(joel, url("do-deck", KELP))
    fills(joel, url("do-letter", KELP))
    acts = {one.label: one.url for one in joel.get(url("papers", KELP)).context["actions"]}
    for kind in (Paper.Kind.DECK, Paper.Kind.LETTER):
        kept = Paper.objects.get(kind=kind)
        joel.get(acts["Email a paper"])
        fills(joel, acts["Email a paper"], paper=str(kept.pk), body="For Thursday.")
        assert jobs.send_messages() == 1
        newest = max((outbox_folder() / "email").glob("C-*.eml"), key=lambda one: one.stat().st_mtime_ns)
        mail = BytesParser(policy=policy.default).parsebytes(newest.read_bytes())
        assert (mail["To"], "For Thursday." in mail.get_body().get_content()) == ("ines@example.net", True)
        (file,) = mail.iter_attachments()
        assert (file.get_filename(), file.get_content_type()) == (kept.file.name, kept.file.media_type)
        assert file.get_content() == path_of(kept.file_id).read_bytes()
        assert f"with {kept.file.name}" in answers(joel.get(url("account", KELP)))
