"""Whether copyright and artist stay with a picture: off, as it was for all there are."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for table in ("media_files", "upload_sessions"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN keep_copyright BOOLEAN NOT NULL DEFAULT FALSE")


def downgrade() -> None:
    for table in ("media_files", "upload_sessions"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN keep_copyright")
