"""The store's schema and its versions: `versions/` makes the tables, one file a step, and nothing else does.

A store made before there were versions is one of version ``0001`` that does not say so.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

STEPS = ("0001", "0002", "0003")  # as `versions/` has them, in order
HEAD = STEPS[-1]
FOLDER = Path(__file__).with_name("versions")
TABLE = "alembic_version"
# The columns by which a store without a version is known.
UNVERSIONED = {
    "batches": {"id", "kind", "undoes", "file", "sha256", "time", "who", "note", "rows"},
    "observations": {
        "batch", "place", "indicator", "period", "value", "unit", "status", "source", "source_url", "note", "cell",
        "printed",
    },
    "indicators": {
        "batch", "id", "zh", "en", "aliases", "unit", "kind", "adds_up", "places", "decimals", "low", "high",
    },
}  # fmt: skip


def version(connection: Connection) -> str | None:
    """Return which version a database is of.

    Returns
    -------
    str or None
        One of `STEPS`, or what a newer program wrote; ``unversioned``: from before there were versions; ``foreign``:
        another program's; None: it holds nothing of ours.
    """
    inspector = sa.inspect(connection)
    tables = set(inspector.get_table_names())
    if TABLE in tables:
        return str(connection.execute(sa.text(f"SELECT version_num FROM {TABLE}")).scalar())
    if not tables & set(UNVERSIONED):
        # A SQLite file belongs to one program; a database on a server may be shared.
        return "foreign" if tables and connection.dialect.name == "sqlite" else None
    for table, columns in UNVERSIONED.items():
        if table not in tables or {column["name"] for column in inspector.get_columns(table)} != columns:
            return "foreign"
    return "unversioned"


def carry_up(connection: Connection, to: str = HEAD) -> None:
    """Bring a database from its version, or from nothing, to a later one, within the transaction that is open."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(FOLDER.parent), version_locations=[str(FOLDER)])
    unversioned = version(connection) == "unversioned"
    # A store of before has the first step's tables; the steps after it look for what may be there.
    if unversioned:
        with EnvironmentContext(Config(), script, fn=lambda now, context: script._stamp_revs(STEPS[0], now)) as env:
            env.configure(connection=connection)
            env.run_migrations()
    with EnvironmentContext(Config(), script, fn=lambda now, context: script._upgrade_revs(to, now)) as env:
        env.configure(connection=connection)
        env.run_migrations()
