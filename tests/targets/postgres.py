"""A real PostgreSQL for the tests: found on this machine or installed by ``python tests/targets/postgres.py``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "ATLAS_POSTGRES_BIN"
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
NEEDED = ("initdb", "postgres")


class NoPostgres(Exception):
    """No usable PostgreSQL; the message says what to do."""


def find() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``: ``ATLAS_POSTGRES_BIN``, PATH, or the usual places."""
    if wanted := os.environ.get(VARIABLE):
        return Path(wanted)
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for place in PLACES:
        root, _, pattern = place[1:].partition("/")
        folders += sorted(Path("/", root).glob(pattern), reverse=True)
    return next((folder for folder in folders if all((folder / name).is_file() for name in NEEDED)), None)


def install() -> Path:
    """Install PostgreSQL by apt-get, as root, and return its folder.

    Raises
    ------
    NoPostgres
        When that is not possible.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"]):
            print("+", " ".join(command), flush=True)
            subprocess.run(command, env=environment, check=False)
        if folder := find():
            return folder
    raise NoPostgres(
        "No PostgreSQL was found, and none could be installed. Install one (on Debian: apt-get install postgresql; "
        f"it need not run), or set {VARIABLE} to the folder of initdb and postgres."
    )


def _user() -> dict[str, str | int]:
    """Return whom to run the server as: it refuses to be root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")


@contextmanager
def server() -> Iterator[str]:
    """Start a server on 127.0.0.1 in a folder of its own, and yield its address without a database's name.

    Raises
    ------
    NoPostgres
        When there is none, or it does not start.
    """
    folder = find()
    if folder is None:
        raise NoPostgres(f"No PostgreSQL was found: run `python {Path(__file__)}`, as make test does.")
    user = _user()
    home = Path(tempfile.mkdtemp(prefix="atlas-postgres-"))
    if user:
        os.chown(home, int(user["user"]), int(user["group"]))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"HOME": str(home), "LC_ALL": "C"}
    log = home / "log"
    try:
        made = subprocess.run(
            [folder / "initdb", "-D", home / "data", "-U", "atlas", "-A", "trust", "-E", "UTF8", "--no-sync"],
            cwd=home, env=environment, capture_output=True, text=True, check=False, **user,
        )  # fmt: skip
        if made.returncode:
            raise NoPostgres(f"initdb failed: {made.stderr.strip()}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [folder / "postgres", "-D", home / "data", "-p", str(port), *options],
                cwd=home, env=environment, stdout=output, stderr=output, **user,
            )  # fmt: skip
        try:
            _wait(process, port, log)
            yield f"postgresql://atlas@127.0.0.1:{port}"
        finally:
            process.send_signal(3)  # at once: what it holds is thrown away
            process.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import psycopg

    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="atlas", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise NoPostgres(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def main() -> int:
    """Find PostgreSQL or install it; return the exit status."""
    try:
        print("PostgreSQL:", find() or install())
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
