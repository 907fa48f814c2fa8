"""Find a Chromium on this machine, or install one: ``python tests/browser/chromium.py``, as ``make test`` does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "ATLAS_CHROMIUM"
NAMES = (
    "chromium-headless-shell",  # draws the same and has no windows to keep: a quarter less work a page
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
)
PLACES = (
    "/usr/bin",
    "/usr/local/bin",
    "/snap/bin",
    "/usr/lib/chromium",
    "/opt/google/chrome",
    "/opt/microsoft/msedge",
    "/opt/apps/cn.google.chrome/files",
)
OUTSIDE_PATH = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(Exception):
    """No usable browser; the message says what to do."""


def find() -> str | None:
    """Return the path of a usable browser, or None.

    ``ATLAS_CHROMIUM`` comes first, then the usual names on PATH and in the usual places, then what playwright has
    downloaded before.

    Raises
    ------
    NoChromium
        When ``ATLAS_CHROMIUM`` is set and names no program.
    """
    if wanted := os.environ.get(VARIABLE):
        if (path := shutil.which(wanted)) and _runs(path):
            return path
        raise NoChromium(f"{VARIABLE}={wanted} names no browser that can be run.")
    folders = os.pathsep.join(PLACES)
    found = [shutil.which(name) or shutil.which(name, path=folders) for name in NAMES]
    found += [place for place in OUTSIDE_PATH if Path(place).is_file()]
    return next((path for path in found if path and _runs(path)), None) or _downloaded()


def _runs(path: str) -> bool:
    """Return whether a browser starts; a distribution's stub that only names another package does not."""
    if sys.platform == "win32":  # there --version opens a window
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _downloaded() -> str | None:
    """Return the Chromium that playwright downloaded earlier, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> str:
    """Install a Chromium and return its path: by apt-get as root, otherwise by playwright.

    Raises
    ------
    NoChromium
        When neither way leaves a browser.
    """
    tried = []
    for commands in _ways():
        for command in commands:
            print("+", " ".join(command), flush=True)
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            status = subprocess.run(command, env=environment, check=False).returncode
            if status:
                tried.append(f"`{' '.join(command)}` ended with status {status}")
                break
        if path := find():
            return path
    raise NoChromium(
        f"No Chromium was found, and none could be installed: {'; '.join(tried) or 'nothing was left to try'}. "
        f"Install one (on Debian: apt-get install chromium fonts-noto-cjk), or set {VARIABLE} to the path of a "
        "Chromium, Chrome or Edge."
    )


def _ways() -> list[list[list[str]]]:
    """Return the ways to install a Chromium, best first, each a list of commands."""
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return [[download]]
    fresh = ["apt-get", "update"]
    names = ("chromium-headless-shell", "chromium")
    packages = [["apt-get", "install", "-y", name, "fonts-noto-cjk"] for name in names]
    return [*([fresh, one] for one in packages), [[*download, "--with-deps"]]]


def main() -> int:
    """Find a browser or install one; return the exit status."""
    try:
        print("Chromium:", find() or install())
    except NoChromium as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
