"""The decks of meetings."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Make the decks' table, where it is not there: before stores had a version, the first deck made it."""
    connection = op.get_bind()
    if sa.inspect(connection).has_table("deck_versions"):
        return
    op.create_table(
        "deck_versions",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(8), sa.CheckConstraint("kind IN ('save', 'undo', 'delete')"), nullable=False),
        sa.Column("parent", sa.Integer, sa.ForeignKey("deck_versions.version")),
        sa.Column("stands", sa.Integer, sa.ForeignKey("deck_versions.version"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.CheckConstraint("(kind = 'undo') = (stands < version) AND parent < version AND stands <= version"),
        sa.UniqueConstraint("slug", "parent"),
    )
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER deck_versions_no_{verb} BEFORE {verb} ON deck_versions "
                "BEGIN SELECT RAISE(ABORT, 'immutable'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER deck_versions_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON deck_versions "
            "FOR EACH STATEMENT EXECUTE FUNCTION atlas_immutable()"
        )
