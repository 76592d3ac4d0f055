"""The index that search and likeness read."""

from alembic import op

from subgraphs.kit.database.migrations import create_shared_tables

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE embeddings (
  subject_type VARCHAR NOT NULL,
  subject_id UUID NOT NULL,
  owner_id UUID NOT NULL,
  model VARCHAR NOT NULL,
  vector REAL[] NOT NULL,
  terms TSVECTOR NOT NULL,
  PRIMARY KEY (subject_type, subject_id)
);
CREATE INDEX embeddings_terms ON embeddings USING gin (terms);
CREATE INDEX embeddings_owner ON embeddings (owner_id, subject_type);
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE embeddings")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
