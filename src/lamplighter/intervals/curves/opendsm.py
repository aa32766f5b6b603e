"""The same saving by OpenDSM's daily model, beside our own: the open reference for metered savings (extra `mv`).

OpenDSM (LF Energy; the successor of eemeter and CalTRACK) picks its own seasons and change points, and its own criteria
say when data are too few and when a fit is too poor. Its first fit compiles for a minute. docs/algorithms/rebates.md.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any

import numpy as np

from lamplighter.intervals.curves.verifying import CannotVerify, Days

ABSENT = "OpenDSM is not installed here: pip install 'lamplighter[mv]'."


@dataclass(frozen=True, slots=True)
class ByOpenDsm:
    """kWh saved in a year like the one before, their share of it, and how well OpenDSM's model fits that year."""

    kwh: float
    share: float
    cv: float
    pn: float
    r2: float


def verify_by_opendsm(before: Days, after: Days, *, before_on: date, after_on: date, zone: str) -> ByOpenDsm:
    """Of days from `before_on` and from `after_on` in a zone. Raises CannotVerify, also where it is not installed."""
    eemeter = _eemeter()
    logging.getLogger("eemeter").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = eemeter.DailyBaselineData(_frame(before, before_on, zone), is_electricity_data=True)
        _hold(data.disqualification)
        model = eemeter.DailyModel().fit(data)
        _hold(model.disqualification)
        since = eemeter.DailyReportingData(_frame(after, after_on, zone), is_electricity_data=True)
        told = model.predict(since)
    both = told[["observed", "predicted"]].dropna()
    would = float(both["predicted"].sum())
    if would <= 0:
        raise CannotVerify("OpenDSM expects no use on the days since.")
    share, fit = 1 - float(both["observed"].sum()) / would, model.baseline_metrics
    year = float(np.nanmean(before.kwh)) * 365
    return ByOpenDsm(share * year, share, float(fit.cvrmse_adj), float(fit.pnrmse_adj), float(fit.r_squared))


def _eemeter() -> ModuleType:
    try:
        from opendsm import eemeter
    except ModuleNotFoundError as absent:
        if (absent.name or "").partition(".")[0] == "opendsm":
            raise CannotVerify(ABSENT) from absent
        raise
    module: ModuleType = eemeter
    return module


def _frame(days: Days, first: date, zone: str) -> Any:
    import pandas

    index = pandas.date_range(first, periods=len(days.kwh), freq="D", tz=zone)
    return pandas.DataFrame({"observed": days.kwh, "temperature": days.degrees}, index=index)


def _hold(reasons: Any) -> None:
    """OpenDSM's own grounds for telling nothing, in its words."""
    if reasons:
        said = "; ".join(dict.fromkeys(str(one.description) for one in reasons))
        raise CannotVerify(f"OpenDSM refuses: {said}")
