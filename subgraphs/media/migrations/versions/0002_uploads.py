"""Contents shared by hash and counted by owner, quotas, the trash, and uploads in several steps."""

from alembic import op

revision = "0002"
down_revision = "0001"

_UP = """
CREATE TABLE media_blobs (
  prefix VARCHAR PRIMARY KEY,
  sha256 VARCHAR,
  bytes BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  condemned_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX media_blobs_content ON media_blobs (sha256) WHERE condemned_at IS NULL;
CREATE INDEX media_blobs_condemned ON media_blobs (condemned_at) WHERE condemned_at IS NOT NULL;

CREATE TABLE blob_references (
  blob VARCHAR NOT NULL REFERENCES media_blobs (prefix),
  owner_id UUID NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (blob, owner_id)
);

CREATE TABLE blob_claims (
  id UUID PRIMARY KEY,
  blob VARCHAR NOT NULL REFERENCES media_blobs (prefix),
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX blob_claims_blob ON blob_claims (blob);

CREATE TABLE storage_quotas (
  owner_id UUID PRIMARY KEY,
  bytes BIGINT NOT NULL,
  files INTEGER NOT NULL,
  max_bytes BIGINT,
  max_files INTEGER
);

CREATE TABLE upload_sessions (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  owner_id UUID NOT NULL,
  protocol VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  bytes BIGINT,
  received BIGINT NOT NULL,
  sha256 VARCHAR,
  content_type VARCHAR,
  upload_metadata VARCHAR NOT NULL,
  concat VARCHAR,
  visibility VARCHAR NOT NULL,
  alt_text VARCHAR,
  media_id UUID,
  error VARCHAR,
  lease UUID,
  leased_until TIMESTAMPTZ,
  expires_at TIMESTAMPTZ NOT NULL,
  cleared_at TIMESTAMPTZ
);
CREATE INDEX upload_sessions_open ON upload_sessions (owner_id) WHERE status IN ('PENDING', 'RECEIVED');
CREATE INDEX upload_sessions_received ON upload_sessions (id) WHERE status = 'RECEIVED';
CREATE INDEX upload_sessions_uncleared ON upload_sessions (expires_at) WHERE cleared_at IS NULL;

CREATE TABLE upload_parts (
  session_id UUID NOT NULL REFERENCES upload_sessions (id) ON DELETE CASCADE,
  start BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  key VARCHAR NOT NULL,
  PRIMARY KEY (session_id, start)
);

CREATE TABLE object_stores (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE media_files ADD COLUMN blob VARCHAR REFERENCES media_blobs (prefix);
ALTER TABLE media_files ADD COLUMN trashed_at TIMESTAMPTZ;
CREATE INDEX media_files_blob ON media_files (blob);
CREATE INDEX media_files_trashed ON media_files (trashed_at) WHERE deleted_at IS NULL AND trashed_at IS NOT NULL;
"""

_MOVE = """
INSERT INTO media_blobs (prefix, sha256, bytes, created_at)
  SELECT 'media/' || right(hex, 2) || '/' || hex || '/',
         CASE WHEN row_number() OVER (PARTITION BY sha256 ORDER BY id) = 1 THEN sha256 END, bytes, created_at
  FROM (SELECT *, replace(id::text, '-', '') AS hex FROM media_files WHERE deleted_at IS NULL) AS live;
UPDATE media_files
  SET blob = 'media/' || right(replace(id::text, '-', ''), 2) || '/' || replace(id::text, '-', '') || '/'
  WHERE deleted_at IS NULL;
INSERT INTO blob_references (blob, owner_id, count)
  SELECT blob, owner_id, 1 FROM media_files WHERE blob IS NOT NULL;
INSERT INTO storage_quotas (owner_id, bytes, files)
  SELECT owner_id, sum(bytes), count(*) FROM media_files WHERE blob IS NOT NULL GROUP BY owner_id;
"""
"""What is stored already stays where it lies. Of equal contents the oldest is the one that is shared from now on."""

_DOWN = """
ALTER TABLE media_files DROP COLUMN blob;
ALTER TABLE media_files DROP COLUMN trashed_at;
DROP TABLE object_stores;
DROP TABLE upload_parts;
DROP TABLE upload_sessions;
DROP TABLE storage_quotas;
DROP TABLE blob_claims;
DROP TABLE blob_references;
DROP TABLE media_blobs;
"""


def upgrade() -> None:
    _run(_UP + _MOVE)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
