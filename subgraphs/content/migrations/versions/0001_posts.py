"""Posts, comments, reactions and the products that posts mention."""

from alembic import op

from subgraphs.kit.database.migrations import create_shared_tables

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE posts (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  author_id UUID NOT NULL,
  body VARCHAR NOT NULL,
  visibility VARCHAR NOT NULL,
  media_ids UUID[] NOT NULL,
  product_ids UUID[] NOT NULL,
  edited_at TIMESTAMPTZ
);
CREATE INDEX posts_author ON posts (author_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_explore ON posts (id DESC) WHERE deleted_at IS NULL AND visibility = 'PUBLIC';

CREATE TABLE mentions (
  product_id UUID NOT NULL,
  post_id UUID NOT NULL REFERENCES posts (id),
  PRIMARY KEY (product_id, post_id)
);

CREATE TABLE comments (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  post_id UUID NOT NULL REFERENCES posts (id),
  author_id UUID NOT NULL,
  body VARCHAR NOT NULL
);
CREATE INDEX comments_post ON comments (post_id, id) WHERE deleted_at IS NULL;
CREATE INDEX comments_author ON comments (author_id, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE reactions (
  post_id UUID NOT NULL REFERENCES posts (id),
  user_id UUID NOT NULL,
  kind VARCHAR NOT NULL,
  reacted_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (post_id, user_id)
);
CREATE INDEX reactions_user ON reactions (user_id, reacted_at DESC);
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("reactions", "comments", "mentions", "posts"):
        op.execute(f"DROP TABLE {table}")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
