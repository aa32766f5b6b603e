"""A form of a page, filled in as a person would: the browser is asked once what a field is, and then it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.core.files.uploadedfile import UploadedFile
from playwright.sync_api import Locator, Page

BUTTON = "button:not([type=button], [disabled])"
KEPT = ("request_key", "draft")
"""Hidden fields that each page has anew, whatever a test says they are."""
TICKED = {"on", "true", "1", "True"}
SHOWN = "one => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 0"
FOUND = f"""([url, said, kept]) => {{
  const shown = {SHOWN};
  const all = [...document.querySelectorAll("form[method=post]")].filter(one => one.getAttribute("action") === url);
  const nth = all.findIndex(form => Object.entries(said).every(([name, value]) => {{
    const own = form.elements[name];
    return own?.type !== "hidden" || kept.includes(name) || own.value === value;
  }}));
  return nth < 0 ? null : [nth, all[nth].id, shown(all[nth])];
}}"""
"""The first form that goes to an address and whose fields that the page sets by itself are as told - one of many forms
on a page may be each of a row - and whether it is to be seen."""
FIELD = f"""(form, name) => {{
  const shown = {SHOWN}, all = [...form.elements].filter(one => one.name === name);
  return all.length ? [all[0].type, shown(all[0]), all.map(one => [one.type, one.value, !!one.checked])] : null;
}}"""


@dataclass(frozen=True, slots=True)
class Form:
    """`root` is the form; some of its fields may stand elsewhere on the page, under its name `own`."""

    page: Page
    root: Locator
    own: str

    @classmethod
    def at(cls, page: Page, url: str, data: Mapping[str, Any]) -> Self | None:
        """The one on `page` that goes to `url` and may be filled in with `data`, unfolded."""
        said = {name: str(value) for name, value in data.items()}
        found = page.evaluate(FOUND, [url, said, KEPT])
        if found is None:
            return None
        nth, own, shown = found
        root = page.locator(f'form[method=post][action="{url}"]').nth(nth)
        if not shown:
            _reveal(root)
        return cls(page, root, own)

    def of(self, what: str) -> Locator:
        """What belongs to it."""
        inside = self.root.locator(what)
        return inside.or_(self.page.locator(f'{what}[form="{self.own}"]')) if self.own else inside

    def fill(self, name: str, value: Any) -> bool | Locator:
        """Answer a field; whether there is one, or the button, if the name is a button's."""
        field = self.root.evaluate(FIELD, name)
        if field is None:
            return False
        kind, shown, several = field
        found = self.of(f'[name="{name}"]')
        if kind == "submit":
            return self.of(f'[name="{name}"][value="{value}"]').first
        if kind == "hidden":
            assert name in KEPT or several[0][1] == str(value), (
                f"{name} is {several[0][1]!r} on the page, not {value!r}"
            )
            return True
        if not shown:
            _reveal(found.first)
        if kind in {"checkbox", "radio"}:
            _tick(found, several, value)
        elif kind == "file":
            files = value if isinstance(value, Sequence) else [value]
            found.set_input_files([_file(one) for one in files])
        elif kind.startswith("select"):
            found.select_option([str(one) for one in value] if isinstance(value, (list, tuple)) else str(value))
        else:
            found.fill(str(value))
        return True


def _reveal(found: Locator) -> None:
    """Open what it is folded away in."""
    folded = found.locator("xpath=ancestor::details[not(@open)]")
    while not found.is_visible() and folded.count():
        folded.first.locator("summary").first.click()


def _tick(found: Locator, several: Sequence[tuple[str, str, bool]], value: Any) -> None:
    wanted = {str(one) for one in value} if isinstance(value, (list, tuple)) else {str(value)}
    for nth, (kind, own, ticked) in enumerate(several):
        single = kind == "checkbox" and len(several) == 1
        now = own in wanted or (single and bool(wanted & TICKED))
        if now != ticked and (now or kind == "checkbox"):
            found.nth(nth).set_checked(now)


def _file(one: UploadedFile) -> dict[str, Any]:
    one.seek(0)
    return {"name": one.name, "mimeType": one.content_type or "application/octet-stream", "buffer": one.read()}
