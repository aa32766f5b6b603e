"""Where this installation keeps its state, and its secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def state_root() -> Path:
    """`$LAMPLIGHTER_STATE`, else `.state` in the current folder."""
    return Path(os.environ.get("LAMPLIGHTER_STATE", ".state")).resolve()


def secret_key(root: Path) -> str:
    """`$LAMPLIGHTER_SECRET_KEY`, else one made at the first start and kept, readable by its owner only."""
    if key := os.environ.get("LAMPLIGHTER_SECRET_KEY"):
        return key
    path = root / "secret_key"
    if not path.exists():
        root.mkdir(parents=True, exist_ok=True)
        made = root / f"secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        made.replace(path)
    return path.read_text()
