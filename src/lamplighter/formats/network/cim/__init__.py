"""IEC 61968-9 messages: EndDeviceControls asked, MeterReadings and EndDeviceEvents told, in the 61968-100 envelope."""

from lamplighter.formats.network.cim.asking import read_ask, write_ask
from lamplighter.formats.network.cim.codes import STARTER, Codes
from lamplighter.formats.network.cim.envelope import read_answer, write_answer
from lamplighter.formats.network.cim.telling import read_notice, write_notices

__all__ = ["STARTER", "Codes", "read_answer", "read_ask", "read_notice", "write_answer", "write_ask", "write_notices"]
