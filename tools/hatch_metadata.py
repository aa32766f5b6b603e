"""Builds read the program's dependencies from requirements/run.in, so that they are named once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RunRequirements(MetadataHookInterface):
    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements" / "run.in").read_text().splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip() and line[0] != "#"]
