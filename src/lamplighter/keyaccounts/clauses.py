"""A contract's terms as a tariff file: a rider of its own, which bills are priced with beside the schedule. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lamplighter.keyaccounts.terms import Terms

HEAD = """\
# Special contract {plain}, version {version}. Made from its terms (docs/algorithms/contracts.md).

[tariff]
utility = {utility}
code = {code}
name = {name}
valid_from = {start}
adopted_by = {adopted_by}
status = "open"
rider = true
applies_to = "The customer of contract {plain}, beside the schedule of its service."

[[source]]
id = "contract"
title = "Contract {plain}, version {version}"

[rounding]
rule = "each line"
stated = true
note = "As the schedule beside it: each line is rounded to the nearest cent, half a cent up."
"""


def clause(terms: Terms, *, utility: str, code: str, name: str, version: int, adopted_by: str) -> str:
    """The file's text. Its lines stand before the schedule's first tax, so that taxes see them; the minimum is last."""
    said = HEAD.format(
        utility=_quoted(utility), code=_quoted(code), plain=code, name=_quoted(name), version=version,
        start=terms.start.isoformat(), adopted_by=_quoted(adopted_by),
    )  # fmt: skip
    return "\n".join([said, *_lines(terms)])


def _lines(terms: Terms) -> Iterator[str]:
    for tag, percent in (("energy", terms.energy_percent), ("demand", terms.demand_percent)):
        if percent:
            yield _line(f"contract_{tag}", f"Contract: {percent.normalize():f} % off {tag}",
                        f'of = {{ tags = ["{tag}"] }}\npercent = {percent:f}\ncredit = true\nkind = "discount"',
                        f"revenue.{tag}")  # fmt: skip
    if terms.renewable_percent and terms.renewable_dollars:
        price = terms.renewable_percent * terms.renewable_dollars / 100
        yield _line("contract_renewable", f"Contract: {terms.renewable_percent.normalize():f} % renewable energy",
                    f'quantity = "kWh"\nunit = "$/kWh"\nprice = {price:f}', "revenue.energy")  # fmt: skip
    if terms.facilities:
        yield _line("contract_facilities", "Contract: facilities charge",
                    f'unit = "$/month"\nprice = {terms.facilities.dollars:f}', "revenue.facilities")  # fmt: skip
    if terms.minimum:
        yield _line("contract_minimum", "Contract: up to the minimum bill",
                    f'of = "all above"\n\n[[line.minimum]]\nunit = "$/month"\nprice = {terms.minimum.dollars:f}',
                    "revenue.minimum")  # fmt: skip


def _line(code: str, label: str, body: str, gl: str) -> str:
    head, _, tail = body.partition("\n\n")
    said = [
        "[[line]]", f"code = {_quoted(code)}", f"label = {_quoted(label)}", head, 'source = "contract"', f'gl = "{gl}"'
    ]  # fmt: skip
    return "\n".join([*said, *(["", tail] if tail else []), ""])


def _quoted(words: str) -> str:
    """A TOML basic string."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
