"""What the settlement rests on: schemes, their settings, the counties' types, official results."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"
KEPT: dict[str, dict[str, type | None]] = {
    "schemes": {
        "year": int, "document": str, "type": str, "indicator": str, "per": str, "weight": str, "direction": str,
        "form": str, "scoring": str, "zero_at": str, "full_at": str, "missing": str, "cell": str,
    },
    "scheme_settings": {"year": int, "setting": str, "value": str, "document": str, "cell": str},
    "county_types": {"year": int, "adcode": str, "type1": str, "type2": str, "document": str, "cell": str},
    "official_results": {
        "year": int, "award": str, "type": str, "adcode": str, "rank": None, "document": str, "cell": str,
    },
}  # fmt: skip


def upgrade() -> None:
    """Make the four tables, which the database itself keeps from being changed."""
    connection = op.get_bind()
    for table, columns in KEPT.items():
        op.create_table(
            table,
            sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True, autoincrement=False),
            sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
            *(
                sa.Column(name, sa.Text if kind is str else sa.Integer, nullable=kind is None)
                for name, kind in columns.items()
            ),
        )
        if connection.dialect.name == "sqlite":
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
