"""`python -m tools.browser`: finds a Chromium for the browser tests, or gets one, and notes it in `.state/chromium`.

In this order: the one that $CHROMIUM names, one on the PATH, Playwright's own, Debian's package (as root), and
Playwright's download. Each is really launched before it is taken: a name may be a stub, or lack a library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from lamplighter.platform.localpg import state_folder

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                "/Applications/Chromium.app/Contents/MacOS/Chromium")  # fmt: skip
OWN = "playwright"  # noted when Playwright drives the browser that it downloaded itself
ROOT = os.geteuid() == 0
DEBIAN = ROOT and shutil.which("apt-get") is not None
ARGUMENTS = ["--disable-dev-shm-usage", "--disable-background-networking", *["--no-sandbox"] * ROOT]
NEEDED = (
    "libatomic1",
    "fonts-dejavu-core",
    "fonts-droid-fallback",
)  # Playwright's driver; pages, Chinese too
HELP = """No browser for the browser tests. Install one, for example with
    sudo apt-get install chromium libatomic1       (Debian)
    brew install --cask chromium                   (macOS)
or name one: CHROMIUM=/path/to/chromium make test"""


def main() -> None:
    if driver_trouble() and DEBIAN:
        print("Installing what Playwright needs with apt-get...", flush=True)
        apt("update", "-qq")
        apt("install", *NEEDED)
    if trouble := driver_trouble():
        raise SystemExit(f"{trouble}\n{HELP}")
    note = state_folder() / "chromium"
    browser = find(noted=note.read_text().strip() if note.exists() else "") or get()
    if browser is None:
        raise SystemExit(HELP)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(browser + "\n")
    print(f"Browser: {browser}")


def driver_trouble() -> str:
    """What Playwright's own program says when it cannot run at all, or nothing. A bare Debian lacks a library of it."""
    driver = [sys.executable, "-m", "playwright", "--version"]
    done = subprocess.run(driver, check=False, capture_output=True, text=True)
    return (done.stderr.strip() or f"{driver} failed") if done.returncode else ""


def find(*, noted: str = "") -> str | None:
    """The first browser of this machine that works, as a path or OWN. One that $CHROMIUM names must work."""
    if named := os.environ.get("CHROMIUM"):
        if works(named):
            return named
        raise SystemExit(f"CHROMIUM names {named}, which does not work: see above.")
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    installed = [path for path in APPLICATIONS if Path(path).exists()]
    candidates = [noted] * bool(noted) + on_path + installed + [OWN]
    return next((browser for browser in dict.fromkeys(candidates) if works(browser)), None)


def get() -> str | None:
    """Installs a browser: Debian's own as root, else Playwright's."""
    if DEBIAN:
        print("Installing a browser for the tests with apt-get...", flush=True)
        apt("update", "-qq")
        apt("install", *NEEDED)
        for package in ("chromium-headless-shell", "chromium"):
            apt("install", package)
            if found := find():
                return found
    print("Fetching a browser for the tests...", flush=True)
    download = [sys.executable, "-m", "playwright", "install", *["--with-deps"] * ROOT, "chromium-headless-shell"]
    subprocess.run(download, stdin=subprocess.DEVNULL, check=False)
    return OWN if works(OWN) else None


def apt(command: str, *arguments: str) -> None:
    """A failure shows by itself, and then in that no browser works."""
    quiet = ["-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"] if command == "install" else []
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", command, *quiet, *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)


def works(browser: str) -> bool:
    """Whether Playwright can launch it and draw a page. Says on stderr why not."""
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=executable(browser), args=ARGUMENTS)
            page = chromium.new_page()
            page.set_content("<p>light</p>")
            drawn = page.inner_text("p") == "light"
            chromium.close()
    except Error as error:
        if browser != OWN:  # whose absence is no news
            print(f"  {browser}: {error.message.splitlines()[0]}", file=sys.stderr)
        return False
    return drawn


def executable(browser: str) -> str | None:
    """What Playwright's `launch` wants to be told for a browser as noted in `.state/chromium`."""
    return None if browser == OWN else browser


if __name__ == "__main__":
    main()
