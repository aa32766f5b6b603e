"""What the pages and the printed bills are made with is all there, whole, licensed, and of no other host."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET

import pytest
import typst
from fontTools.ttLib import TTFont
from tools import assets, fonts
from tools.assets import FONTS, ICONS, REPO, SERVED, VENDOR


@pytest.mark.parametrize("name", [*SERVED, "icons/icons.svg", "NOTICE.txt", ".complete"])
def test_every_file_that_we_serve_was_fetched(name):
    assert (VENDOR / name).exists()


def test_nothing_else_is_served():
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found == {*SERVED, "icons/icons.svg", "NOTICE.txt", ".complete"}


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.[cj]ss*")) + sorted(VENDOR.rglob("*.js")), ids=lambda p: p.name)
def test_a_style_or_script_asks_for_nothing_that_is_not_beside_it(path):
    text = path.read_text(encoding="utf-8")
    assert "sourceMappingURL" not in text
    wanted = re.findall(r"url\(\s*[\"']?([^\"')]+)", text) if path.suffix == ".css" else []
    for url in wanted:
        assert url.startswith("data:") or (path.parent / url).exists(), url


def test_comments_that_name_source_maps_are_cut_out_and_nothing_else():
    assert assets.without_source_map(b"a{}\n/*# sourceMappingURL=a.css.map */\n") == b"a{}\n\n"
    assert assets.without_source_map(b"f()\n//# sourceMappingURL=a.js.map") == b"f()\n"
    assert assets.without_source_map(b"a{background:url(#b)}") == b"a{background:url(#b)}"


def test_each_named_icon_is_a_symbol_in_the_colour_of_its_text():
    symbols = ET.parse(VENDOR / "icons" / "icons.svg").getroot()
    assert [symbol.get("id") for symbol in symbols] == sorted(set(ICONS)), "each once, in order"
    for symbol in symbols:
        assert symbol.get("stroke") == "currentColor"
        assert len(symbol) > 0, symbol.get("id")


def test_an_icon_that_does_not_exist_is_refused_by_its_name(tmp_path):
    (tmp_path / "bolt.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1"/></svg>')
    with pytest.raises(SystemExit, match="no outline icon called blot, lamp"):
        assets.sprite(tmp_path, ["bolt", "blot", "lamp"])


def test_the_lock_file_names_no_host_and_pins_what_the_list_names():
    lock = json.loads((REPO / "package-lock.json").read_text())
    wanted = json.loads((REPO / "package.json").read_text())["dependencies"]
    packages = {name.removeprefix("node_modules/"): package for name, package in lock["packages"].items() if name}
    assert all(version[0].isdigit() for version in wanted.values()), "pinned exactly"
    assert {name: packages[name]["version"] for name in wanted} == wanted
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert package["integrity"].startswith("sha512-"), name


def test_git_knows_none_of_it():
    folders = [str(folder.relative_to(REPO)) for folder in (VENDOR, FONTS)]
    listing = ["git", "ls-files", "--", *folders, "node_modules"]
    assert subprocess.run(listing, cwd=REPO, check=True, capture_output=True).stdout == b""


@pytest.mark.parametrize(("weight", "style"), sorted(fonts.WEIGHTS.items()))
def test_the_bills_font_knows_english_spanish_vietnamese_and_money(weight, style):
    font = TTFont(FONTS / f"PublicSans-{style}.ttf")
    assert font["OS/2"].usWeightClass == weight
    assert font["name"].getBestFamilyName() == "Public Sans"
    assert font["name"].getBestSubFamilyName() == style
    text = "Amount due $123.45 −$12.40 ¢ – — ’ “” · ½ ° áéíóúüñ¿¡ ăâđêôơư ắằẳẵặ ỹ ựợ ₫ Ő ł č"
    assert {letter for letter in text if ord(letter) not in font.getBestCmap()} == set()


def test_typst_sets_documents_in_it_in_each_weight():
    words = [f"#text(weight: {weight})[Được {weight}]" for weight in fonts.WEIGHTS]
    source = "\n".join(['#set text(font: "Public Sans", fallback: false)', *words])
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    assert faces.families() == ["Public Sans"]
    document = typst.compile(source.encode(), format="pdf", font_paths=faces)
    assert {style for style in fonts.WEIGHTS.values() if f"PublicSans-{style}".encode() in document} == {
        "Regular", "SemiBold", "Bold",
    }  # fmt: skip
