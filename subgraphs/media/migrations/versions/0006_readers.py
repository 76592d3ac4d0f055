"""References that are for those they name alone."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("ALTER TABLE asset_references ADD COLUMN readers UUID[]")


def downgrade() -> None:
    op.execute("ALTER TABLE asset_references DROP COLUMN readers")
