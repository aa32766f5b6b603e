"""The languages that customers are written to in, and how each writes days; the order is that of the US everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Language(StrEnum):
    """`value` is the lower-case BCP 47 tag. The six of house practice: ux paper, language access rules."""

    ENGLISH = "en"
    SPANISH = "es"
    CHINESE_TRADITIONAL = "zh-hant"
    CHINESE_SIMPLIFIED = "zh-hans"
    TAGALOG = "tl"
    VIETNAMESE = "vi"

    @property
    def label(self) -> str:
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class _Days:
    """Weekdays from Monday, months from January. Months are words: 12/3 would be 12 March to many readers."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    date: str


def short_day(day: date, language: Language) -> str:
    """A day of the coming weeks, with its weekday and without the year: "Thu, Dec 3"."""
    return _written(day, language, _DAYS[language].day)


def full_date(day: date, language: Language) -> str:
    """A day with its year: "Nov 18, 2026"."""
    return _written(day, language, _DAYS[language].date)


def _written(day: date, language: Language, pattern: str) -> str:
    names = _DAYS[language]
    return pattern.format(
        weekday=names.weekdays[day.weekday()], month=names.months[day.month - 1], day=day.day, year=day.year
    )


def _chinese(week: str) -> _Days:
    weekdays = tuple(f"{week}{day}" for day in "一二三四五六日")
    months = tuple(f"{number}月" for number in range(1, 13))
    return _Days(weekdays, months, "{month}{day}日\uff08{weekday}\uff09", "{year}年{month}{day}日")


_LABELS = {
    Language.ENGLISH: "English",
    Language.SPANISH: "Spanish",
    Language.CHINESE_TRADITIONAL: "Chinese (traditional)",
    Language.CHINESE_SIMPLIFIED: "Chinese (simplified)",
    Language.TAGALOG: "Tagalog",
    Language.VIETNAMESE: "Vietnamese",
}
_DAYS = {
    Language.ENGLISH: _Days(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "{weekday}, {month} {day}",
        "{month} {day}, {year}",
    ),
    Language.SPANISH: _Days(
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        (
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre",
        ),
        "{weekday}, {month} {day}",
        "{month} {day}, {year}",
    ),
    Language.CHINESE_TRADITIONAL: _chinese("週"),
    Language.CHINESE_SIMPLIFIED: _chinese("周"),
    Language.TAGALOG: _Days(
        ("Lunes", "Martes", "Miyerkules", "Huwebes", "Biyernes", "Sabado", "Linggo"),
        (
            "Enero", "Pebrero", "Marso", "Abril", "Mayo", "Hunyo", "Hulyo", "Agosto", "Setyembre", "Oktubre",
            "Nobyembre", "Disyembre",
        ),
        "{weekday}, {month} {day}",
        "{month} {day}, {year}",
    ),
    Language.VIETNAMESE: _Days(
        ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
        tuple(f"tháng {number}" for number in range(1, 13)),
        "{weekday}, {month} ngày {day}",
        "{month} ngày {day}, {year}",
    ),
}  # fmt: skip
