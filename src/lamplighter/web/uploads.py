"""Files as phones and browsers send them: known by their first bytes, not by their names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.files import store_file

MOST = 8
LARGEST = 15 * 1024 * 1024
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1")
PDF = "application/pdf"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; cleaned to a list of (file, media type)."""

    widget = FilesInput
    says = "is no photo. Send JPEG, PNG, WebP or HEIC."

    def clean(self, data: Any, initial: Any = None) -> list[tuple[UploadedFile[bytes], str]]:
        sent = data if isinstance(data, list | tuple) else [data]
        files = [super(PhotosField, self).clean(one, initial) for one in sent if one]
        if len(files) > MOST:
            raise forms.ValidationError(f"Send {MOST} files or fewer.")
        return [(file, self._checked(file)) for file in files]

    def takes(self, kind: str) -> bool:
        return kind.startswith("image/")

    def _checked(self, file: UploadedFile[bytes]) -> str:
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"{file.name} is too large. A file has 15 MB at most.")
        kind = media_type(file.read(16))
        file.seek(0)
        if not kind or not self.takes(kind):
            raise forms.ValidationError(f"{file.name} {self.says}")
        return kind


class PapersField(PhotosField):
    """Several photos or PDFs; cleaned to a list of (file, media type)."""

    says = "is no photo and no PDF. Send JPEG, PNG, WebP, HEIC or PDF."

    def takes(self, kind: str) -> bool:
        return super().takes(kind) or kind == PDF


def first_kept(
    papers: Sequence[tuple[UploadedFile[bytes], str]] | None, *, by: Actor, at: datetime
) -> StoredFile | None:
    """The first page of what a PapersField took, kept; None where nothing was sent."""
    for sent, kind in papers or ():
        kept, _ = store_file(sent.chunks(), name=sent.name or "paper", media_type=kind, by=by, at=at)
        return kept
    return None


def media_type(first: bytes) -> str:
    """What the first 16 bytes of a file say that it is; nothing for what is neither photo nor PDF."""
    known: Sequence[tuple[bool, str]] = (
        (first.startswith(b"\xff\xd8\xff"), "image/jpeg"),
        (first.startswith(b"\x89PNG\r\n\x1a\n"), "image/png"),
        (first.startswith(b"RIFF") and first[8:12] == b"WEBP", "image/webp"),
        (first[4:12] in HEIC, "image/heic"),
        (first.startswith(b"%PDF-"), PDF),
    )
    return next((kind for fits, kind in known if fits), "")
