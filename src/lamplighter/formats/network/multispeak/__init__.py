"""MultiSpeak 3.0 and 4.1 (NRECA) over SOAP 1.1: commands to a head-end, and what it publishes in answer or unasked."""

from lamplighter.formats.network.multispeak.asking import read_ask, write_ask
from lamplighter.formats.network.multispeak.envelope import Version, read_answer, write_answer
from lamplighter.formats.network.multispeak.telling import read_notice, write_notices

__all__ = ["Version", "read_answer", "read_ask", "read_notice", "write_answer", "write_ask", "write_notices"]
