"""Imported by the server of platform/ahead.py, and by nobody else: loads what processes of a run need.

No thread of ours may run where processes are forked: NumPy's library is kept from beginning any, and Arrow and Delta
begin theirs with the first file that they read, which is left to the processes. (What memory they have let go of is
swept by a thread of their allocators, which know how to be forked.)
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")

import django
import numpy.ma  # noqa: F401 - NumPy loads it with the first list that it is asked the distinct items of
from django.apps import apps

import lamplighter.intervals.store  # noqa: F401 - with Arrow and Delta
from lamplighter.platform.collector import collect_seldom

django.setup()
for model in apps.get_models():
    model._meta.get_fields()
collect_seldom()
