"""How long films are."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("ALTER TABLE media_files ADD COLUMN milliseconds INTEGER")


def downgrade() -> None:
    op.execute("ALTER TABLE media_files DROP COLUMN milliseconds")
