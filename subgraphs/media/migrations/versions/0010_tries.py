"""How often the sizes of a picture could not be made."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("ALTER TABLE media_files ADD COLUMN tries INTEGER NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE media_files DROP COLUMN tries")
