"""Called once when the job queue is ready."""

from __future__ import annotations

from procrastinate import App


def ready(app: App) -> None:
    """Find the tasks of every module here."""
    app.import_paths = []
