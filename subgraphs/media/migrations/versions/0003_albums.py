"""Albums and their sharing, tags, favourites, references from other domains, and what a CDN has to forget."""

from alembic import op

revision = "0003"
down_revision = "0002"

_UP = """
ALTER TABLE media_files ADD COLUMN taken_at TIMESTAMPTZ;
UPDATE media_files SET taken_at = created_at;
ALTER TABLE media_files ALTER COLUMN taken_at SET NOT NULL;
ALTER TABLE media_files ADD COLUMN caption VARCHAR;
ALTER TABLE media_files ADD COLUMN private_since TIMESTAMPTZ;
CREATE INDEX media_files_timeline ON media_files (owner_id, taken_at DESC, id DESC)
  WHERE deleted_at IS NULL AND trashed_at IS NULL;
CREATE INDEX media_files_duplicates ON media_files (owner_id, sha256)
  WHERE deleted_at IS NULL AND trashed_at IS NULL;
CREATE INDEX media_files_trash ON media_files (owner_id, trashed_at DESC, id DESC)
  WHERE deleted_at IS NULL AND trashed_at IS NOT NULL;

CREATE TABLE albums (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  owner_id UUID NOT NULL,
  title VARCHAR NOT NULL,
  description VARCHAR,
  visibility VARCHAR NOT NULL,
  cover_id UUID
);
CREATE INDEX albums_owner ON albums (owner_id, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE album_items (
  album_id UUID NOT NULL REFERENCES albums (id),
  media_id UUID NOT NULL,
  position BIGINT NOT NULL,
  added_by UUID NOT NULL,
  added_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (album_id, media_id)
);
CREATE INDEX album_items_page ON album_items (album_id, position, media_id);
CREATE INDEX album_items_media ON album_items (media_id);

CREATE TABLE album_members (
  album_id UUID NOT NULL REFERENCES albums (id),
  user_id UUID NOT NULL,
  role VARCHAR NOT NULL,
  added_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (album_id, user_id)
);
CREATE INDEX album_members_user ON album_members (user_id, album_id);

CREATE TABLE album_shares (
  id UUID PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  deleted_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  album_id UUID NOT NULL REFERENCES albums (id),
  token_hash BYTEA NOT NULL,
  expires_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX album_shares_token ON album_shares (token_hash);
CREATE INDEX album_shares_album ON album_shares (album_id, id) WHERE deleted_at IS NULL;

CREATE TABLE asset_tags (
  media_id UUID NOT NULL REFERENCES media_files (id),
  name VARCHAR NOT NULL,
  owner_id UUID NOT NULL,
  PRIMARY KEY (media_id, name)
);
CREATE INDEX asset_tags_owner ON asset_tags (owner_id, name, media_id DESC);

CREATE TABLE favorites (
  user_id UUID NOT NULL,
  media_id UUID NOT NULL REFERENCES media_files (id),
  added_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (user_id, media_id)
);
CREATE INDEX favorites_page ON favorites (user_id, added_at DESC, media_id DESC);

CREATE TABLE asset_references (
  subject_type VARCHAR NOT NULL,
  subject_id UUID NOT NULL,
  media_id UUID NOT NULL,
  placed_by UUID NOT NULL,
  audience VARCHAR NOT NULL,
  since TIMESTAMPTZ NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (subject_type, subject_id, media_id)
);
CREATE INDEX asset_references_media ON asset_references (media_id);

CREATE TABLE cdn_purges (
  id UUID PRIMARY KEY,
  surrogate_keys VARCHAR[] NOT NULL,
  requested_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  attempts INTEGER NOT NULL
);
CREATE INDEX cdn_purges_due ON cdn_purges (due_at);
"""

_DOWN = """
DROP TABLE cdn_purges;
DROP TABLE asset_references;
DROP TABLE favorites;
DROP TABLE asset_tags;
DROP TABLE album_shares;
DROP TABLE album_members;
DROP TABLE album_items;
DROP TABLE albums;
DROP INDEX media_files_trash;
ALTER TABLE media_files DROP COLUMN private_since;
ALTER TABLE media_files DROP COLUMN caption;
ALTER TABLE media_files DROP COLUMN taken_at;
"""


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
