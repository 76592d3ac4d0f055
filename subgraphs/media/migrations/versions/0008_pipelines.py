"""Which version of the pipeline made a picture."""

from alembic import op

revision = "0008"
down_revision = "0007"

# The default stays: the version before this one adds pictures while this one is rolled out. What was made before pictures
# had a BlurHash is of an earlier pipeline, and made anew.
_UP = """
ALTER TABLE media_files ADD COLUMN pipeline INTEGER NOT NULL DEFAULT 3;
UPDATE media_files SET pipeline = 2 WHERE status = 'READY' AND blurhash IS NULL;
CREATE INDEX media_files_made ON media_files (pipeline) WHERE deleted_at IS NULL AND status = 'READY';
"""

_DOWN = """
DROP INDEX media_files_made;
ALTER TABLE media_files DROP COLUMN pipeline;
"""


def upgrade() -> None:
    for statement in filter(None, map(str.strip, _UP.split(";"))):
        op.execute(statement)


def downgrade() -> None:
    for statement in filter(None, map(str.strip, _DOWN.split(";"))):
        op.execute(statement)
