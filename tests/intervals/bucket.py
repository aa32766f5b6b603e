"""A bucket that speaks as much of S3 as a table needs: objects, ranges, lists, parts, and "put if it is not there".

It is a process of its own, as a bucket is: the table's library holds the interpreter while it waits for an answer.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

MODIFIED = "Sun, 01 Nov 2026 00:00:00 GMT"
RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@contextmanager
def bucket(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A table's URI in an empty bucket, and the options to reach it."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        options = {
            "aws_endpoint_url": f"http://127.0.0.1:{int(server.stdout.readline())}", "aws_allow_http": "true",
            "aws_access_key_id": "anyone", "aws_secret_access_key": "anything", "aws_region": "us-east-1",
        }  # fmt: skip
        try:
            yield f"s3://{name}/intervals", options
        finally:
            server.terminate()


class Bucket(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes] = {}
    parts: dict[str, dict[int, bytes]] = {}

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test tells what went wrong."""

    @property
    def key(self) -> str:
        """Of the object, without the bucket."""
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    @property
    def asked(self) -> dict[str, str]:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in query.items()}

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def say(self, status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        content, asked = self.body(), self.asked
        if "partNumber" in asked:
            self.parts[asked["uploadId"]][int(asked["partNumber"])] = content
        elif self.headers.get("If-None-Match") == "*" and self.key in self.objects:
            self.say(412)
            return
        else:
            self.objects[self.key] = content
        self.say(200, ETag=_etag(content))

    def do_POST(self) -> None:
        content, asked = self.body(), self.asked
        if "uploads" in asked:
            upload = f"upload-{len(self.parts)}"
            self.parts[upload] = {}
            self.say(200, f"<R><UploadId>{upload}</UploadId></R>".encode())
        elif "uploadId" in asked:
            whole = b"".join(part for _, part in sorted(self.parts[asked["uploadId"]].items()))
            self.objects[self.key] = whole
            self.say(200, f"<R><ETag>{_etag(whole)}</ETag></R>".encode())
        else:
            for key in re.findall(r"<Key>(.*?)</Key>", content.decode()):
                self.objects.pop(key, None)
            self.say(200, b"<DeleteResult/>")

    def do_HEAD(self) -> None:
        found = self.objects.get(self.key)
        if found is None:
            self.say(404)
        else:
            self.say(200, length=len(found), ETag=_etag(found), Last_Modified=MODIFIED)

    def do_GET(self) -> None:
        found = self.objects.get(self.key)
        if "list-type" in self.asked:
            self.say(200, _listed(self.objects, self.asked))
        elif found is None:
            self.say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif wanted := RANGE.fullmatch(self.headers.get("Range", "")):
            first, last = int(wanted[1]), min(int(wanted[2] or len(found)), len(found) - 1)
            place = f"bytes {first}-{last}/{len(found)}"
            part = found[first : last + 1]
            self.say(206, part, ETag=_etag(found), Last_Modified=MODIFIED, Content_Range=place)
        else:
            self.say(200, found, ETag=_etag(found), Last_Modified=MODIFIED)

    def do_DELETE(self) -> None:
        self.objects.pop(self.key, None)
        self.say(204)


def _listed(objects: dict[str, bytes], asked: dict[str, str]) -> bytes:
    prefix, delimiter, after = (asked.get(name, "") for name in ("prefix", "delimiter", "start-after"))
    found, folders = [], set()
    for key in sorted(key for key in objects if key.startswith(prefix) and key > after):
        head, cut, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
        if cut:
            folders.add(prefix + head + delimiter)
        else:
            found.append(key)
    contents = "".join(
        f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>{_etag(objects[key])}</ETag>"
        f"<Size>{len(objects[key])}</Size></Contents>"
        for key in found
    )
    common = "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in sorted(folders))
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}{common}</ListBucketResult>".encode()


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


if __name__ == "__main__":
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    sys.stdout.write(f"{listening.server_port}\n")
    sys.stdout.flush()
    listening.serve_forever()
