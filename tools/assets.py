"""`python -m tools.assets`: fetches the third-party styles, scripts, fonts and icons that we serve and print with.

They come from the npm packages of package-lock.json. No script of a package is run, and only the files named here are
kept, each with its licence, in folders that git ignores.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from tools import fonts
from tools.npm import REPO, npm

VENDOR = REPO / "src" / "lamplighter" / "web" / "static" / "vendor"
FONTS = REPO / "src" / "lamplighter" / "billing" / "fonts"
STAMP = ".complete"

# What we serve, and where it is in node_modules. Never Tabler's dist/libs: it holds a chart library that is not free.
SANS = "@fontsource-variable/public-sans"
SERVED = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/LICENSE": "@tabler/icons/LICENSE",  # of the same project; its core package carries none
    "bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "uplot/uPlot.iife.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot/uPlot.min.css": "uplot/dist/uPlot.min.css",
    "uplot/LICENSE": "uplot/LICENSE",
    "public-sans/public-sans.css": f"{SANS}/wght.css",
    **{
        f"public-sans/files/public-sans-{part}-wght-normal.woff2": f"{SANS}/files/public-sans-{part}-wght-normal.woff2"
        for part in ("latin", "latin-ext", "vietnamese")
    },
    "public-sans/LICENSE": f"{SANS}/LICENSE",
    "icons/LICENSE": "@tabler/icons/LICENSE",
}
# Tabler's outline icons that pages may use: <svg class="icon"><use href="…/icons/icons.svg#bolt"/></svg>
ICONS = """
    home search user users user-plus building building-community map-pin map id address-book briefcase
    bolt bolt-off plug plug-connected plug-connected-x gauge solar-panel battery-charging charging-pile
    bulb temperature leaf activity chart-bar chart-line trending-up trending-down
    receipt receipt-refund file-invoice file-text file-download file-upload files cash coins credit-card
    building-bank pig-money wallet calculator percentage scale gavel transfer
    calendar calendar-event clock hourglass history alarm
    alert-triangle alert-circle info-circle circle-check circle-x help-circle hand-stop ban heartbeat snowflake
    check x plus minus pencil trash eye eye-off lock lock-open key shield-check
    bell mail message phone send headset note notes tag flag star bookmark
    filter arrows-sort sort-ascending sort-descending arrow-up arrow-down arrow-left arrow-right arrow-back-up
    chevron-up chevron-down chevron-left chevron-right external-link link copy dots dots-vertical menu-2
    settings adjustments tools truck route clipboard-list clipboard-check list-check inbox archive
    refresh player-play player-pause printer download upload table template versions database server report
    report-money report-analytics book command keyboard language world sun moon login logout
""".split()  # noqa: SIM905 - a list of a hundred quoted words hides the words

# Django's static file manifest follows these comments, and fails where the map is not served.
SOURCE_MAP = re.compile(rb"(//|/\*)[#@] sourceMappingURL=\S*(\s*\*/)?")
SVG = "http://www.w3.org/2000/svg"


def main() -> None:
    for folder in (VENDOR, FONTS):
        shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="lamplighter-npm-") as scratch:
        work = Path(scratch)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(REPO / name, work / name)
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error", cwd=work)
        fonts.make(work / "node_modules", FONTS)
        serve(work / "node_modules", VENDOR)
    (VENDOR / STAMP).touch()


def serve(modules: Path, target: Path) -> None:
    """Copies what we serve from `modules` (a node_modules folder) into `target`."""
    for to, source in SERVED.items():
        (target / to).parent.mkdir(parents=True, exist_ok=True)
        (target / to).write_bytes(without_source_map((modules / source).read_bytes()))
    outlines = modules / "@tabler" / "icons" / "icons" / "outline"
    (target / "icons" / "icons.svg").write_text(sprite(outlines, ICONS), encoding="utf-8")
    (target / "NOTICE.txt").write_text(notice(modules), encoding="utf-8")


def without_source_map(text: bytes) -> bytes:
    return SOURCE_MAP.sub(b"", text)


def sprite(outlines: Path, names: list[str]) -> str:
    """One SVG file with a symbol for each named icon. Raises SystemExit with the names that there are none of."""
    if absent := [name for name in names if not (outlines / f"{name}.svg").exists()]:
        raise SystemExit(f"Tabler has no outline icon called {', '.join(absent)}: mend the list in tools/assets.py.")
    symbols = [_symbol(name, ET.parse(outlines / f"{name}.svg").getroot()) for name in sorted(names)]
    return f'<svg xmlns="{SVG}">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str, icon: ET.Element) -> str:
    """Drawn with the colour of the text around it."""
    kept = {key: value for key, value in icon.attrib.items() if key not in {"width", "height", "class"}}
    symbol = ET.Element("symbol", {"id": name, **kept})
    symbol.extend(child for child in icon if child.get("d") != "M0 0h24v24H0z")  # an empty square
    for child in symbol.iter():
        child.tag = child.tag.removeprefix(f"{{{SVG}}}")
        child.tail = None
    return ET.tostring(symbol, encoding="unicode")


def notice(modules: Path) -> str:
    """Which packages these are, by name, version and licence."""
    names = sorted({"/".join(source.split("/")[: 2 if source[0] == "@" else 1]) for source in SERVED.values()})
    packages = [json.loads((modules / name / "package.json").read_text(encoding="utf-8")) for name in names]
    lines = [f"{package['name']} {package['version']} ({package['license']})" for package in packages]
    return "\n".join(["From npm packages, unchanged but for comments that name source maps:", *lines, ""])


if __name__ == "__main__":
    main()
