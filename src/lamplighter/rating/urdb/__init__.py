"""URDB, the utility rate database of OpenEI: an import format, never our model.

`read` takes the JSON as it is found in the wild and tidies it; `convert` turns a record into a tariff, or says by
name what it cannot express. Field meanings: https://openei.org/services/doc/rest/util_rates/ (versions 3 to 8).
"""

from lamplighter.rating.urdb.convert import Convention, Imported, convert
from lamplighter.rating.urdb.records import Record, read

__all__ = ["Convention", "Imported", "Record", "convert", "read"]
