"""The customers' banks, as the network answers for them: files of returns and of notifications of change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Back:
    """One entry sent back: the trace that we gave it, with a return code or a change and what is right."""

    trace: str
    code: str
    cents: int = 0
    corrected: str = ""
    receiver: str = "12100035"
    digit: str = "8"


def sent_back(*several: Back, spoil: bool = False) -> bytes:
    """A file of them with right totals; `spoil` breaks one."""
    lines = [
        "101 121000358 1940000012611240930A094101" + "BAY FEDERAL".ljust(23) + "RECEIVING BANK".ljust(23) + " " * 8
    ]
    count = hashed = debits = 0
    lines.append("5225" + "MARISOL BAY".ljust(16) + " " * 20 + "1941234567" + "PPD" + "UTIL BILL " + "261124" + "261124"
                 + "   " + "1" + "12100035" + "0000001")  # fmt: skip
    for n, one in enumerate(several, 1):
        change = one.code[0] == "C"
        entry = "626" + one.receiver + one.digit + "4411".ljust(17)
        lines.append(
            entry + f"{one.cents:010}" + "204518-7".ljust(15) + "PAT".ljust(22) + "  " + "1" + f"12100035{n:07}"
        )
        if change:
            told = one.code + one.trace + " " * 6 + one.receiver + one.corrected.ljust(29) + " " * 15
        else:
            told = one.code + one.trace + " " * 6 + one.receiver + " " * 44
        lines.append("7" + ("98" if change else "99") + told + f"12100035{n:07}")
        count, hashed, debits = count + 2, hashed + int(one.receiver), debits + one.cents
    control = f"{count:06}{hashed % 10**10:010}{debits + spoil:012}{0:012}"
    lines.append("8225" + control + "1941234567" + " " * 25 + "12100035" + "0000001")
    blocks = -(-(len(lines) + 1) // 10)
    lines.append(f"9{1:06}{blocks:06}{count:08}{hashed % 10**10:010}{debits:012}{0:012}" + " " * 39)
    assert all(len(line) == 94 for line in lines), [len(line) for line in lines]
    lines += ["9" * 94] * (-len(lines) % 10)
    return "\n".join(lines).encode()
