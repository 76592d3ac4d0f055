"""Conversations, their members and messages."""

from alembic import op

from subgraphs.kit.database.migrations import create_shared_tables

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE conversations (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  direct_key VARCHAR,
  last_seq BIGINT NOT NULL
);
CREATE UNIQUE INDEX conversations_direct ON conversations (direct_key) WHERE deleted_at IS NULL;

CREATE TABLE conversation_members (
  conversation_id UUID NOT NULL REFERENCES conversations (id),
  user_id UUID NOT NULL,
  last_read_seq BIGINT NOT NULL,
  activity_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX conversation_members_list ON conversation_members (user_id, activity_at, conversation_id);

CREATE TABLE messages (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  conversation_id UUID NOT NULL REFERENCES conversations (id),
  seq BIGINT NOT NULL,
  sender_id UUID NOT NULL,
  client_id VARCHAR,
  body VARCHAR
);
CREATE UNIQUE INDEX messages_seq ON messages (conversation_id, seq);
CREATE UNIQUE INDEX messages_client_id ON messages (sender_id, client_id);
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("messages", "conversation_members", "conversations"):
        op.execute(f"DROP TABLE {table}")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
