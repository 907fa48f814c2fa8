"""The observations, batch by batch, as stores have had them from the first."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None
TABLES = ("batches", "observations", "indicators")


def immutable(*tables: str) -> None:
    """Let the database itself refuse to change or take away a row."""
    for table in tables:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'immutable'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION atlas_immutable()"
            )


def upgrade() -> None:
    """Make the three tables."""
    text, key = sa.Text, sa.String(40)
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), sa.CheckConstraint("kind IN ('import', 'undo')"), nullable=False),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("batches.id")),
        sa.Column("file", text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("who", text, nullable=False),
        sa.Column("note", text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL) AND undoes < id"),
    )
    op.create_table(
        "observations",
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True),
        *(sa.Column(name, key, primary_key=True) for name in ("place", "indicator", "period")),
        sa.Column("value", sa.Double, nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("unit", "status", "source", "source_url", "note")),
        *(sa.Column(name, text, nullable=False) for name in ("cell", "printed")),
    )
    op.create_index("observations_by_place", "observations", ["place", "indicator"])
    op.create_table(
        "indicators",
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("id", key, primary_key=True),
        *(sa.Column(n, text, nullable=False) for n in ("zh", "en", "aliases", "unit", "kind", "adds_up", "places")),
        sa.Column("decimals", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("low", "high")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION atlas_immutable() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'immutable'; END $$"
        )
    immutable(*TABLES)
