"""Finding a Chromium on this machine, and getting one where that is possible without a hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
"""Under these names distributions install it; CHROMIUM in the environment names another one."""

# Chromium calls home at its start unless told not to; nothing here may leave the machine.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

HINT = (
    "type: sudo apt-get install chromium   (Debian, Ubuntu)\n"
    "    or: .venv/bin/python -m playwright install --with-deps chromium\n"
    "    or set CHROMIUM to the path of a Chromium or Chrome"
)


class NoBrowserError(Exception):
    """There is no Chromium, and none could be got; the message says what to type."""


def find() -> str | None:
    """Return the path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def require() -> str:
    """Return the path of a Chromium, installing one where there is none.

    Debian's package where that is allowed (as root), Playwright's own build elsewhere.

    Raises:
        NoBrowserError: There is none and it could not be installed, or another one was wished for.
    """
    if found := find():
        return found
    if named := os.environ.get("CHROMIUM"):
        raise NoBrowserError(f"there is no Chromium: CHROMIUM names {named}\n    {HINT}")
    tries: list[list[str]] = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        tries += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    else:
        tries += [[sys.executable, "-m", "playwright", "install", "chromium"]]
    print("a Chromium is needed; installing one (about 200 MB)", file=sys.stderr, flush=True)
    log = ""
    for command in tries:
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        log = run.stderr.strip()
        if run.returncode != 0:
            break
    if found := find():
        return found
    last = log.splitlines()[-1] if log else "the installer said nothing"
    raise NoBrowserError(f"there is no Chromium, and it could not be installed: {last}\n    {HINT}")
