"""Uploaded pictures."""

from alembic import op

from subgraphs.kit.database.migrations import create_shared_tables

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE media_files (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  owner_id UUID NOT NULL,
  visibility VARCHAR NOT NULL,
  alt_text VARCHAR,
  status VARCHAR NOT NULL,
  revision VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  format VARCHAR NOT NULL,
  bytes BIGINT NOT NULL,
  blur_placeholder VARCHAR,
  thumbhash VARCHAR,
  dominant_color INTEGER,
  variants JSONB NOT NULL
);
CREATE INDEX media_files_owner ON media_files (owner_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX media_files_public ON media_files (id DESC) WHERE deleted_at IS NULL AND visibility = 'PUBLIC';
CREATE INDEX media_files_pending ON media_files (id) WHERE deleted_at IS NULL AND status = 'DEGRADED';
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE media_files")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
