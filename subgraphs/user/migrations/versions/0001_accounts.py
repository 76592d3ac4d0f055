"""Accounts, sessions and reports."""

from alembic import op

from subgraphs.kit.database.migrations import create_shared_tables

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE users (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  handle VARCHAR NOT NULL,
  email VARCHAR NOT NULL,
  display_name VARCHAR NOT NULL,
  bio VARCHAR,
  avatar_id UUID,
  role VARCHAR NOT NULL
);
CREATE UNIQUE INDEX users_handle ON users (lower(handle)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email ON users (lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX users_display_name ON users (lower(display_name) text_pattern_ops) WHERE deleted_at IS NULL;
CREATE INDEX users_handle_prefix ON users (lower(handle) text_pattern_ops) WHERE deleted_at IS NULL;

CREATE TABLE credentials (
  user_id UUID PRIMARY KEY REFERENCES users (id),
  password_hash VARCHAR NOT NULL
);

CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  revoked_at TIMESTAMPTZ,
  last_seen_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, last_seen_at DESC)
  WHERE deleted_at IS NULL AND revoked_at IS NULL;

CREATE TABLE refresh_tokens (
  token_hash BYTEA PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE reports (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  reporter_id UUID NOT NULL REFERENCES users (id),
  subject_type VARCHAR NOT NULL,
  subject_id UUID NOT NULL,
  reason VARCHAR NOT NULL
);
CREATE UNIQUE INDEX reports_subject ON reports (reporter_id, subject_type, subject_id)
  WHERE deleted_at IS NULL;
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("reports", "refresh_tokens", "sessions", "credentials", "users"):
        op.execute(f"DROP TABLE {table}")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
