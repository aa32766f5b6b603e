"""Imported by the server of platform/ahead.py, and by nobody else: loads what processes of a run need.

No thread may run where processes are forked: NumPy's library is kept from beginning any, and Arrow and Delta, which do,
are left to the processes themselves.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")

import django

from lamplighter.platform.collector import collect_seldom

django.setup()
collect_seldom()
