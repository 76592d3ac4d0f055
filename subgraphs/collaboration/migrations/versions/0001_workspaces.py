"""Workspaces, their members and documents."""

from alembic import op

from subgraphs.kit.database.migrations import create_shared_tables

revision = "0001"
down_revision = None

_ENTITY = """
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL
"""

_TABLES = f"""
CREATE TABLE workspaces ({_ENTITY},
  slug VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  description VARCHAR
);
CREATE UNIQUE INDEX workspaces_slug ON workspaces (slug) WHERE deleted_at IS NULL;

CREATE TABLE workspace_members (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  user_id UUID NOT NULL,
  role VARCHAR NOT NULL,
  joined_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX workspace_members_user ON workspace_members (user_id, workspace_id);

CREATE TABLE documents ({_ENTITY},
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  title VARCHAR NOT NULL,
  content VARCHAR NOT NULL,
  visibility VARCHAR NOT NULL,
  revision INTEGER NOT NULL,
  created_by UUID NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX documents_workspace ON documents (workspace_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX documents_public ON documents (created_by, id DESC)
  WHERE deleted_at IS NULL AND visibility = 'PUBLIC';
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("documents", "workspace_members", "workspaces"):
        op.execute(f"DROP TABLE {table}")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
