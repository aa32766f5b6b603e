"""Which fields of a URDB record are priced, which say only who and where, and which are refused by name."""

from __future__ import annotations

from lamplighter.kernel.findings import Severity
from lamplighter.rating.urdb.records import Record, number
from lamplighter.rating.urdb.tables import Refusals

PRICED = {
    "energyratestructure", "energyweekdayschedule", "energyweekendschedule", "energytoulabels",
    "flatdemandstructure", "flatdemandmonths", "flatdemandunit", "demandratestructure", "demandweekdayschedule",
    "demandweekendschedule", "demandrateunit", "demandwindow", "demandratchetpercentage", "lookbackpercent",
    "lookbackmonths", "lookbackrange", "demandreactivepowercharge", "fixedchargefirstmeter", "fixedchargeeaaddl",
    "fixedchargeunits", "mincharge", "minchargeunits", "fixedmonthlycharge", "minmonthlycharge", "annualmincharge",
    "dgrules", "usenetmetering", "fueladjustmentsmonthly", "demandtoulabels",
}  # fmt: skip
TOLD = {
    "label", "utility", "eiaid", "name", "uri", "approved", "is_default", "isdefault", "startdate", "enddate",
    "supercedes", "supersedes", "sector", "servicetype", "description", "source", "sourceparent", "sourcereference",
    "peakkwcapacitymin", "peakkwcapacitymax", "peakkwcapacityhistory", "peakkwhusagemin", "peakkwhusagemax",
    "peakkwhusagehistory", "voltageminimum", "voltagemaximum", "voltagecategory", "phasewiring", "country",
    "revisions", "latest_update", "demandunits", "energycomments", "demandcomments", "basicinformationcomments",
    "mindemand", "maxdemand", "servicemax", "servicemin", "demandmin", "demandmax", "energymin", "energymax",
    "demandhist", "energyhist", "voltagemin", "voltagemax", "ownership", "_id", "eiadata", "openeiid",
    "usenetmetering", "distributedgenrules", "closed", "bundled", "address", "zip", "lat", "lon",
}  # fmt: skip
PRICED_BY_COLUMN = (
    "energyratestructure/", "flatdemandstructure/", "demandratestructure/", "flatdemandmonth_", "lookbackmonth_",
    "fueladjustmentsmonth_",
)  # fmt: skip
NOTES = {"energyattrs", "demandattrs", "fixedattrs"}


def check_fields(record: Record, notes: Refusals) -> None:
    """Refuse what cannot be expressed; say what was not understood, so that nothing is dropped in silence."""
    _coincident(record, notes)
    for field in sorted(record):
        if field in NOTES:
            notes.warn(
                field, "notes", f"{field} holds notes that are not priced: {record[field]!s:.200}.", Severity.INFO
            )
        elif field.startswith("coincident") or field in PRICED or field in TOLD:
            continue
        elif field.startswith(PRICED_BY_COLUMN):
            notes.refuse(field, "unknown_column", f"The column {field} names no month, period or tier that there is.")
        else:
            notes.warn(field, "unknown_field", f"The field {field} is not known, and was not priced.")
    described = str(record.get("description", ""))
    minimums = {"mincharge", "minmonthlycharge", "annualmincharge"}
    if "minimum" in described.lower() and not minimums & set(record):
        notes.warn(
            "description", "minimum", "The description speaks of a minimum, which no field holds.", Severity.INFO
        )


def _coincident(record: Record, notes: Refusals) -> None:
    table = record.get("coincidentratestructure")
    periods = table if isinstance(table, list) else []
    tiers = [tier for period in periods if isinstance(period, list) for tier in period if isinstance(tier, dict)]
    charged = any(number(tier.get(name, 0)) for tier in tiers for name in ("rate", "adj"))
    if charged or not isinstance(table, list | None):
        message = "A coincident peak charge cannot be priced: the record does not say when the system peaks."
        notes.refuse("coincidentratestructure", "coincident_peak", message)
