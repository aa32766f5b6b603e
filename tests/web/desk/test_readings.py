"""Readings in question: the curve, the rule and the proposal on one page, and a decision that says why."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from lamplighter.jobs.importing import import_file
from lamplighter.platform.models import Run, StoredFile
from lamplighter.usage.models import ImportedFile, IntervalException
from tests.usage.feeds import HOURLY, days, hours, stored, text

from .conftest import Clock, words


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def spike(town):
    return IntervalException.objects.get(state="open")


@pytest.fixture
def decide(iris, spike):
    """`decide("accept", remark="…")`: the panel as opened, with these answers."""

    def send(act, **answers):
        url = f"/desk/readings/{spike.pk}/do/{act}/"
        seen = iris.get(url).context["form"]["seen"].value()
        return iris.post(url, {"seen": seen} | answers)

    return send


def test_the_list_says_what_was_found_and_the_limit(iris, spike):
    said = words(iris.get("/desk/readings/"))
    assert "Spike Adeyemi, Dele E-77120003 Sat, Nov 14, 2026 31,000 Wh 3,035 Wh Watch" in said
    assert "Spike" in words(iris.get(f"/desk/readings/channels/{spike.channel_id}/"))
    assert "Nothing matches this filter." in words(iris.get("/desk/readings/?rule=vee.negative"))
    assert iris.get("/desk/readings/channels/999999/").status_code == 404


def test_the_page_tells_the_rule_and_what_an_estimate_would_come_to(iris, spike):
    said = words(iris.get(f"/desk/readings/{spike.pk}/"))
    assert "Rule The day's highest interval is far above the day's third-highest" in said
    assert "Found 31,000 Wh Limit 3,035 Wh" in said
    assert "Came in 31.000 kWh Counts now 31.000 kWh Estimate 1.023 kWh" in said
    assert "File neighborhood-2026-11-19.csv Open" in said


def test_the_curve_comes_as_data_as_a_table_and_as_a_file(iris, spike):
    data = json.loads(iris.get(f"/desk/readings/{spike.pk}/curve.json").content)
    assert [series["name"] for series in data["series"]] == ["Counts", "In question", "Estimate", "Last year"]
    assert max(value for value in data["series"][0]["values"] if value) == 31
    assert "2026-11-14 18:00 31000 31000 1023 questionable yes" in words(iris.get(f"/desk/readings/{spike.pk}/curve/"))
    lines = b"".join(iris.get(f"/desk/readings/{spike.pk}/curve.csv").streaming_content).decode().splitlines()
    assert len(lines) == 73


def test_a_decision_needs_a_reason(decide, spike):
    refused = decide("accept", remark="")
    assert refused.status_code == 422
    assert "Fill in “Why”." in words(refused)
    spike.refresh_from_db()
    assert spike.is_open


@pytest.mark.parametrize(
    ("act", "answers", "state", "told"),
    [
        ("accept", {}, "accepted", "taken as read"),
        ("estimate", {}, "estimated", "estimated"),
        ("edit", {"values": "2026-11-14 18:00 1.250"}, "edited", "values entered"),
    ],
)
def test_a_decision_is_kept_with_its_reason_and_told_on_the_account(  # noqa: PLR0917 - fixtures and cases
    decide, iris, dana, spike, number, act, answers, state, told
):  # fmt: skip
    done = decide(act, remark="Called; a kiln was tried out.", **answers)
    assert done["Location"] == "/desk/readings/"
    spike.refresh_from_db()
    assert (spike.state, str(spike.remark)) == (state, "Called; a kiln was tried out.")
    assert "No reading waits for a decision." in words(iris.get("/desk/readings/"))
    said = words(dana.get(f"/desk/accounts/{number('Dele Adeyemi')}/"))
    assert f"Meter Spike of Nov 14: {told} · Called; a kiln was tried out. · Iris Kim" in said
    assert "Decided Fri, Nov 20, 9:02 am by Iris Kim" in words(iris.get(f"/desk/readings/{spike.pk}/"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("2026-11-14 18:00 much", "Line 1: “much” is no number. Write it like 0.455."),
        ("2026-11-14 18:30 1", "Line 1: there is no interval at “2026-11-14 18:30” in these days."),
        ("2026-11-14 18:00 0.0001", "Line 1: 0.0001 is finer than the meter counts."),
        ("\n", "Fill in “Values”."),
    ],
)
def test_values_that_are_amiss_name_their_line(decide, values, said):
    assert said in words(decide("edit", values=values, remark="Read on site."))


def test_a_decision_on_what_is_not_so_any_more_is_refused(decide, iris, spike):
    url = f"/desk/readings/{spike.pk}/do/accept/"
    stale = iris.post(url, {"seen": "0", "remark": "Looked at yesterday."})
    assert stale.status_code == 422
    assert "Other readings came in since this page was opened. Look at it again." in words(stale)
    decide("accept", remark="First.")
    late = iris.post(url, {"seen": "99", "remark": "Second."})
    assert "This was decided meanwhile: accepted as read." in words(late)


def test_who_may_not_decide_is_told_who_can(dana, spike):
    refused = dana.get(f"/desk/readings/{spike.pk}/")
    assert refused.status_code == 403
    assert "Billing analyst" in words(refused)


@pytest.fixture
def twice(iris, upload, monkeypatch):
    """A day that is stored comes again with other values."""
    monkeypatch.setattr("lamplighter.jobs.importing.timezone", Clock)
    upload(text(hours("2026-11-13", range(400, 424), "E-77120003")), name="again.csv", mapping=HOURLY)
    options = json.dumps({"format": "", "zone": "", "mapping": HOURLY, "meter": "", "shift_weeks": 0})
    stored = StoredFile.objects.get(name="again.csv").pk
    import_file(run=Run.objects.get(state="queued").pk, by="staff:iris", file=stored, options=options)
    return IntervalException.objects.get(rule="store.conflict", state="open")


def test_of_what_came_twice_both_are_seen_and_the_stored_one_is_no_limit(iris, twice):
    said = words(iris.get(f"/desk/readings/{twice.pk}/"))
    assert "First new 400 Wh First stored" in said
    assert "Came again 9.876 kWh Counts now" in said
    assert "Keep the stored A Take the new N" in said
    data = json.loads(iris.get(f"/desk/readings/{twice.pk}/curve.json").content)
    came = next(series["values"] for series in data["series"] if series["name"] == "Came in")
    assert came[24:27] == [0.4, 0.401, 0.402]
    assert " Wh stored Stop" in words(iris.get("/desk/readings/"))


def test_of_what_came_twice_the_new_values_can_be_taken(iris, twice):
    before = stored(twice.channel, days("2026-11-13", "2026-11-14")).values[0].tolist()
    url = f"/desk/readings/{twice.pk}/do/renew/"
    seen = iris.get(url).context["form"]["seen"].value()
    assert iris.post(url, {"seen": seen, "remark": "The head-end sent the right ones later."}).status_code == 303
    now = stored(twice.channel, days("2026-11-13", "2026-11-14")).values[0].tolist()
    assert now == list(range(400, 424)) != before


def test_of_what_came_twice_the_stored_values_can_be_kept(iris, twice):
    before = stored(twice.channel, days("2026-11-13", "2026-11-14")).values[0].tolist()
    url = f"/desk/readings/{twice.pk}/do/accept/"
    page = iris.get(url)
    assert "What is stored goes on to count." in words(page)
    seen = page.context["form"]["seen"].value()
    assert iris.post(url, {"seen": seen, "remark": "Asked the head-end."}).status_code == 303
    assert stored(twice.channel, days("2026-11-13", "2026-11-14")).values[0].tolist() == before


def test_what_came_once_has_no_new_values_to_take(iris, spike):
    assert iris.get(f"/desk/readings/{spike.pk}/do/renew/").status_code == 404


def test_a_file_tells_what_went_in_and_what_waits(iris):
    file = ImportedFile.objects.get()
    said = words(iris.get(f"/desk/readings/imports/{file.pk}/"))
    assert "Something waits" in said
    assert "Meters that nobody has added E-99990001" in said
    assert "'yesterday' is no time of the mapping's format." in said
    assert "neighborhood-2026-11-19.csv CSV 216 168" in words(iris.get("/admin-desk/imports/"))


@pytest.fixture
def upload(iris):
    def send(content, name="week.csv", **answers):
        key = iris.get("/admin-desk/imports/do/import/").context["form"]["request_key"].value()
        file = SimpleUploadedFile(name, content, content_type="text/csv")
        return iris.post("/admin-desk/imports/do/import/", {"file": file, "request_key": key} | answers)

    return send


def test_an_upload_is_kept_queued_and_followed(iris, upload):
    sent = upload(text(hours("2026-11-19", [400] * 24, "E-77120003")), mapping=HOURLY)
    run = Run.objects.get(state="queued")
    assert sent["Location"] == f"/admin-desk/imports/runs/{run.pk}/"
    said = words(iris.get(sent["Location"]))
    assert "Waiting for its turn. You can leave this page." in said
    assert "The result will stand here." in said


def test_a_queued_upload_is_taken_in_by_its_job(iris, upload, monkeypatch):
    monkeypatch.setattr("lamplighter.jobs.importing.timezone", Clock)
    upload(text(hours("2026-11-19", range(400, 424), "E-77120003")), mapping=HOURLY)
    run, file = Run.objects.get(state="queued"), ImportedFile.objects.count()
    stored = StoredFile.objects.get(name="week.csv").pk
    options = json.dumps({"format": "", "zone": "", "mapping": HOURLY, "meter": "", "shift_weeks": 0})
    import_file(run=run.pk, by="staff:iris", file=stored, options=options)
    assert ImportedFile.objects.count() == file + 1
    said = words(iris.get(f"/admin-desk/imports/runs/{run.pk}/"))
    assert "24 taken in, 0 waiting" in said
    assert "week.csv CSV 24 24" in said


def test_a_sample_is_moved_by_whole_weeks_and_its_page_says_so(iris, upload, monkeypatch):
    monkeypatch.setattr("lamplighter.jobs.importing.timezone", Clock)
    upload(text(hours("2025-11-20", range(400, 424), "E-77120003")), name="old.csv", mapping=HOURLY, shift_weeks="52")
    run, stored = Run.objects.get(state="queued"), StoredFile.objects.get(name="old.csv").pk
    options = ProcrastinateJob.objects.filter(task_name="usage.import-file").latest("id").args["options"]
    import_file(run=run.pk, by="staff:iris", file=stored, options=options)
    moved = ImportedFile.objects.get(name="old.csv")
    assert moved.taken == 24
    assert "Shift weeks 52" in words(iris.get(f"/desk/readings/imports/{moved.pk}/"))


def test_readings_are_not_moved_out_of_the_calendar(upload):
    sent = upload(b"x", shift_weeks="9999999")
    assert "Readings are moved by at most 5,200 weeks, not 9,999,999." in words(sent)
    assert not Run.objects.filter(state="queued").exists()


def test_a_file_of_which_nothing_could_be_used_is_told_until_it_comes_again(iris, upload, monkeypatch):
    monkeypatch.setattr("lamplighter.jobs.importing.timezone", Clock)
    upload(bytes(range(256)), name="junk.bin")
    run = Run.objects.get(state="queued")
    stored = StoredFile.objects.get(name="junk.bin").pk
    options = json.dumps({"format": "", "zone": "", "mapping": "", "meter": "", "shift_weeks": 0})
    import_file(run=run.pk, by="staff:iris", file=stored, options=options)
    assert f"/admin-desk/imports/runs/{run.pk}/" in iris.get("/admin-desk/imports/").content.decode()
    assert "junk.bin was not taken in" in words(iris.get("/admin-desk/imports/"))
    assert "Import a file" in words(iris.get(f"/admin-desk/imports/runs/{run.pk}/"))
    upload(bytes(range(255)), name="junk.bin")
    assert "was not taken in" not in words(iris.get("/admin-desk/imports/"))


def test_imports_stand_beside_readings_on_the_rail(iris):
    for page in ("/admin-desk/imports/", "/desk/readings/", "/admin-desk/imports/runs/0/"):
        rail = iris.get(page).content.decode().partition('class="rail"')[2]
        assert 'href="/admin-desk/imports/"' in rail, page
        assert 'href="/desk/readings/"' in rail, page
    assert 'href="/desk/readings/"' not in iris.get("/admin-desk/rates/").content.decode().partition('class="rail"')[2]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"mapping": "[columns"}, "mapping"),
        ({"file": ""}, "Choose a file."),
    ],
)
def test_an_upload_that_cannot_be_read_is_refused_before_it_is_kept(upload, answers, said):
    refused = upload(b"meter,start,value\n", **answers)
    assert refused.status_code == 422
    assert said in words(refused)
    assert not Run.objects.filter(state="queued").exists()


def test_a_file_is_imported_again_once(iris):
    file = ImportedFile.objects.get()
    url = f"/desk/readings/imports/{file.pk}/do/again/"
    key = iris.get(url).context["form"]["request_key"].value()
    queued = iris.post(url, {"request_key": key})
    assert queued["Location"].startswith("/admin-desk/imports/runs/")
    key = iris.get(url).context["form"]["request_key"].value()
    assert "This is waiting to be done already" in words(iris.post(url, {"request_key": key}))
