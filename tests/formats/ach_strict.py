"""A strict reader of NACHA files, written from the published record layout alone; it shares nothing with the program.

Positions are 1-based in the layout and in `at`. Every rule that a file breaks is a sentence; none for a good file.
"""

from __future__ import annotations

from collections import Counter

WEIGHTS = (3, 7, 1) * 3
SECS = {"PPD", "CCD", "TEL", "WEB", "ARC", "BOC", "POP", "RCK", "CTX"}
LIVE = {"22": "C", "32": "C", "27": "D", "37": "D"}
PRENOTES = {"23": "C", "33": "C", "28": "D", "38": "D"}
RETURNS = {"21": "C", "31": "C", "26": "D", "36": "D"}
KINDS = {**LIVE, **PRENOTES, **RETURNS}


def at(line: str, first: int, last: int) -> str:
    return line[first - 1 : last]


def wrong(data: bytes) -> list[str]:
    """Everything against a file; an empty list means that a bank would take it."""
    lines = data.decode("ascii", "strict").split("\n")
    if lines[-1] == "":
        lines.pop()
    found = [f"{n}: is not 94 long" for n, line in enumerate(lines, 1) if len(line) != 94]
    found += [f"{n}: lower case" for n, line in enumerate(lines, 1) if line != line.upper()]
    found += ["not blocked by ten"] if len(lines) % 10 else []
    while lines and lines[-1] == "9" * 94:
        lines.pop()
    if found or not lines or lines[0][0] != "1" or lines[-1][0] != "9":
        return found or ["no header or no control"]
    return header(lines[0]) + inside(lines)


def inside(lines: list[str]) -> list[str]:
    """Batch by batch, then the file's control."""
    found: list[str] = []
    entries = hashed = 0
    money: Counter[str] = Counter()
    place, numbers = 1, []
    while place < len(lines) - 1:
        end = place + 1
        while end < len(lines) - 1 and lines[end][0] in "67":
            end += 1
        if lines[place][0] != "5" or lines[end][0] != "8":
            return [*found, f"{place + 1}: expected a batch from its header to its control"]
        said, count, sums, batch_hash = batch(lines[place : end + 1], place + 1)
        found += said
        numbers.append(at(lines[place], 88, 94))
        entries, hashed, place = entries + count, hashed + batch_hash, end + 1
        money.update(sums)
    if numbers != sorted(set(numbers)):
        found.append("batch numbers do not ascend")
    return found + control(lines, len(numbers), entries, hashed, money)


def control(lines: list[str], batches: int, entries: int, hashed: int, money: Counter[str]) -> list[str]:
    line = lines[-1]
    told = (
        ("batches", at(line, 2, 7), batches), ("blocks", at(line, 8, 13), -(-len(lines) // 10)),
        ("entries", at(line, 14, 21), entries), ("hash", at(line, 22, 31), hashed % 10**10),
        ("debits", at(line, 32, 43), money["D"]), ("credits", at(line, 44, 55), money["C"]),
        ("reserved", at(line, 56, 94).strip() or "0", 0),
    )  # fmt: skip
    return [f"file control: {name} {said}, counted {counted}" for name, said, counted in told if int(said) != counted]


def header(line: str) -> list[str]:
    found = []
    if at(line, 2, 3) != "01" or at(line, 35, 40) != "094101":
        found.append("1: priority, record size, blocking or format code")
    if at(line, 4, 4) != " " or not rtn(at(line, 5, 13)):
        found.append("1: the immediate destination is no routing number")
    if not at(line, 24, 33).isdigit() or not at(line, 34, 34).isalnum():
        found.append("1: date, time or modifier")
    return found


def batch(lines: list[str], first: int) -> tuple[list[str], int, Counter[str], int]:
    head, tail = lines[0], lines[-1]
    service, sec, odfi = at(head, 2, 4), at(head, 51, 53), at(head, 80, 87)
    found = batch_header(head, first)
    hashed, trace = 0, ""
    money: Counter[str] = Counter()
    for n, line in enumerate(lines[1:-1], first + 1):
        if line[0] == "6":
            found += [f"{n}: {words}" for words in entry(line, service, sec, odfi, trace)]
            trace, hashed = at(line, 80, 94), hashed + int(at(line, 4, 11))
            money[KINDS.get(at(line, 2, 3), "?")] += int(at(line, 30, 39))
    count = len(lines) - 2
    told = (at(tail, 2, 4), int(at(tail, 5, 10)), int(at(tail, 11, 20)), int(at(tail, 21, 32)), int(at(tail, 33, 44)))
    if told != (service, count, hashed % 10**10, money["D"], money["C"]):
        found.append(f"{first}: batch control {told}, counted {count}, {hashed}, {dict(money)}")
    if (at(tail, 45, 54), at(tail, 80, 87), at(tail, 88, 94)) != (at(head, 41, 50), odfi, at(head, 88, 94)):
        found.append(f"{first}: the control names another batch")
    return found, count, money, hashed


def batch_header(head: str, first: int) -> list[str]:
    rules = (
        (at(head, 51, 53) in SECS, "SEC code"), (at(head, 2, 4) in {"200", "220", "225"}, "service class"),
        (not at(head, 76, 78).strip(), "settlement date"), (at(head, 79, 79) == "1", "originator status"),
        (at(head, 70, 75).isdigit(), "effective date"), (at(head, 5, 20).strip(), "company name"),
        (at(head, 41, 50).strip(), "company id"), (at(head, 54, 63).strip(), "description"),
    )  # fmt: skip
    return [f"{first}: {words}" for good, words in rules if not good]


def entry(line: str, service: str, sec: str, odfi: str, before: str) -> list[str]:
    code, cents, extra = at(line, 2, 3), int(at(line, 30, 39)), at(line, 77, 78)
    rules = (
        (code in KINDS, f"transaction code {code}"), ((code in PRENOTES) == (cents == 0), f"{cents} cents in {code}"),
        (rtn(at(line, 4, 12)), "check digit"), (at(line, 13, 29).strip(), "no account"),
        (at(line, 55, 76).strip(), "no name"), (sec not in {"WEB", "TEL"} or extra[0] in "RS", "payment type code"),
        (sec != "CCD" or not extra.strip(), "discretionary data"), (at(line, 80, 87) == odfi, "trace of another bank"),
        (at(line, 80, 94) > before, "traces do not ascend"),
        ((service, KINDS.get(code)) not in {("220", "D"), ("225", "C")}, f"code {code} in service class {service}"),
    )  # fmt: skip
    return [words for good, words in rules if not good]


def rtn(text: str) -> bool:
    return len(text) == 9 and text.isdigit() and sum(w * int(d) for w, d in zip(WEIGHTS, text, strict=True)) % 10 == 0
