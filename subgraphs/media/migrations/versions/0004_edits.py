"""How its owner has a picture shown: turned, and cropped around a point."""

from alembic import op

revision = "0004"
down_revision = "0003"

# The default stays: the version before this one adds pictures while this one is rolled out.
_UP = """
ALTER TABLE media_files ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media_files ADD COLUMN focus_x INTEGER;
ALTER TABLE media_files ADD COLUMN focus_y INTEGER;
"""

_DOWN = """
ALTER TABLE media_files DROP COLUMN focus_y;
ALTER TABLE media_files DROP COLUMN focus_x;
ALTER TABLE media_files DROP COLUMN turn;
"""


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
