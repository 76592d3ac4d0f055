"""What describes a picture: its colours, its frames, when it was taken."""

from alembic import op

revision = "0005"
down_revision = "0004"

# The default stays: the version before this one adds pictures while this one is rolled out.
_UP = """
ALTER TABLE media_files ADD COLUMN blurhash VARCHAR;
ALTER TABLE media_files ADD COLUMN palette INTEGER[] NOT NULL DEFAULT '{}';
ALTER TABLE media_files ADD COLUMN frames INTEGER NOT NULL DEFAULT 1;
ALTER TABLE media_files ADD COLUMN noted_at TIMESTAMPTZ;
"""

_DOWN = """
ALTER TABLE media_files DROP COLUMN noted_at;
ALTER TABLE media_files DROP COLUMN frames;
ALTER TABLE media_files DROP COLUMN palette;
ALTER TABLE media_files DROP COLUMN blurhash;
"""


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
