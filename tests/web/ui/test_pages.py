"""Pages are lists of panels; each panel has its address, and a broken one breaks nothing else."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.urls("tests.web.ui.urls")
HX = {"HTTP_HX_REQUEST": "true"}


def test_a_page_is_titled_by_thing_number_and_utility(desk):
    html = desk.get("/desk/accounts/1/").content.decode()
    assert "<title>Nguyen, Thi Hoa – 204518-7 – Marisol Bay Power</title>" in html


def test_a_broken_panel_names_what_did_not_come_and_the_rest_stands(desk):
    html = desk.get("/desk/accounts/1/").content.decode()
    assert "Meter network not answering since 9:40." in html
    assert 'id="panel-people"' in html


def test_a_lazy_panel_is_fetched_after_the_page(desk):
    html = desk.get("/desk/accounts/1/").content.decode()
    assert 'hx-get="/desk/accounts/1/?panel=later" hx-trigger="load, refresh"' in html


def test_a_panel_alone_is_a_fragment_for_htmx_and_a_page_for_a_person(desk):
    fragment = desk.get("/desk/accounts/1/?panel=people", **HX)
    assert fragment.content.decode().lstrip().startswith('<section class="card" id="panel-people"')
    assert "HX-Request" in fragment["Vary"]
    whole = desk.get("/desk/accounts/1/?panel=people").content.decode()
    assert "<title>People – Nguyen, Thi Hoa – Marisol Bay Power</title>" in whole


def test_a_table_in_a_panel_asks_for_its_panel_and_shows_the_pages_address(desk):
    asked = "/desk/accounts/1/?people-sort=-username&panel=people"
    response = desk.get(asked, **HX, HTTP_HX_TARGET="grid-people")
    html = response.content.decode()
    assert 'hx-get="?people-sort=username&amp;panel=people"' in html
    assert 'href="?people-sort=username"' in html
    assert response["HX-Push-Url"] == "/desk/accounts/1/?people-sort=-username"


def test_an_unknown_panel_is_not_found(desk):
    assert desk.get("/desk/accounts/1/?panel=nothing").status_code == 404


def test_a_panels_table_is_exported_by_the_panels_address(desk):
    response = desk.get("/desk/accounts/1/?panel=people&export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Login,Name,Since"
    assert lines[1].startswith("csr,Dana Reyes,2020-01-01")


def test_a_panel_without_figures_has_no_export(desk):
    assert desk.get("/desk/accounts/1/?panel=later&export=csv").status_code == 404


def test_the_rail_shows_what_exists_and_is_allowed(signed_in):
    csr = signed_in("csr").get("/desk/today/").content.decode()
    assert ">Counter<" in csr
    assert ">Orders<" not in csr, "its page does not exist here"
    supervisor = signed_in("supervisor").get("/desk/today/").content.decode()
    assert ">Counter<" not in supervisor
    assert 'href="/lead/today/" data-key="g l"' in supervisor


def test_the_rail_marks_where_one_is(desk):
    assert '<a href="/desk/work/" aria-current="page"' in desk.get("/desk/work/").content.decode()


def test_a_crumb_leads_only_who_may_go_there(signed_in):
    assert '<a href="/desk/counter/">Counter</a>' in signed_in("csr").get("/desk/beyond/").content.decode()
    shown = signed_in("supervisor").get("/desk/beyond/").content.decode()
    assert "Counter" in shown
    assert 'href="/desk/counter/"' not in shown


def test_the_gallery_shows_every_part(desk):
    for path in ("/ui/", "/ui/table/", "/ui/colleagues/", "/ui/errors/", "/ui/plot/table/", "/preferences/"):
        page = desk.get(path)
        assert page.status_code == 200, path
        assert " style=" not in page.content.decode(), "the content security policy refuses it"
    assert len(desk.get("/ui/plot.json").json()["x"]) == 365 * 96


def test_a_page_carries_a_strict_policy_and_is_not_kept_by_the_browser(desk):
    response = desk.get("/ui/")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
