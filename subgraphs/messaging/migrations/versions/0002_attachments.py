"""Pictures in messages."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # The default stays: the version before this one sends messages while this one is rolled out.
    op.execute("ALTER TABLE messages ADD COLUMN attachment_ids UUID[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN attachment_ids")
