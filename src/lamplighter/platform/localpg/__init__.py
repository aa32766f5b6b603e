"""A private PostgreSQL for one checkout or one small office: found, started, restarted and stopped by us.

It needs no installation and no administrator: the executables come in a Python wheel, the cluster lies in the state
folder, and the server listens on a Unix socket in a folder that only its account may enter. Plain Python, importable
without Django, because settings ask it for the database's URL. A utility in production points `DATABASE_URL` at a
PostgreSQL of its own instead.
"""

from lamplighter.platform.localpg.cluster import Cluster, Status
from lamplighter.platform.localpg.places import state_folder
from lamplighter.platform.localpg.refusals import CannotRunPostgres

__all__ = ["CannotRunPostgres", "Cluster", "Status", "state_folder"]
