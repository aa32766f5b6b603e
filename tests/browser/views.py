"""What axe has against a page, and the views in which a page is looked at. Knows nothing of the program."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],  # what passes need not be told, which would cost most of the time
    "preload": {"assets": ["media"]},  # none of these rules reads styles from elsewhere
}  # fmt: skip
WIDE: ViewportSize = {"width": 1366, "height": 768}
NARROW: ViewportSize = {"width": 390, "height": 844}
VIEWS = ((WIDE, "light"), (NARROW, "dark"))
ALL_VIEWS = tuple((size, theme) for size in (WIDE, NARROW) for theme in ("light", "dark"))


def show(page: Page, size: ViewportSize, theme: str) -> None:
    """The page as it is in this view."""
    page.set_viewport_size(size)
    page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)


def findings(page: Page) -> list[str]:
    """What axe has against the page as it stands: rule and element."""
    if not page.evaluate("'axe' in window"):  # it stays for the page's other views
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", OPTIONS)
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> str:
    """That the page is wider than its room; empty if it is not."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return f"{page.url} is {width} px wide in {room} px" if width > room else ""
