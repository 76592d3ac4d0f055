"""Stores, products, stock and carts."""

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
CREATE TABLE stores ({_ENTITY},
  owner_id UUID NOT NULL,
  slug VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  description VARCHAR
);
CREATE UNIQUE INDEX stores_slug ON stores (slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX stores_owner ON stores (owner_id) WHERE deleted_at IS NULL;

CREATE TABLE products ({_ENTITY},
  store_id UUID NOT NULL REFERENCES stores (id),
  owner_id UUID NOT NULL,
  slug VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  description VARCHAR,
  price BIGINT NOT NULL,
  currency VARCHAR NOT NULL,
  published BOOLEAN NOT NULL,
  media_ids UUID[] NOT NULL
);
CREATE UNIQUE INDEX products_slug ON products (slug) WHERE deleted_at IS NULL;
CREATE INDEX products_store ON products (store_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX products_published ON products (id DESC) WHERE deleted_at IS NULL AND published;

CREATE TABLE stock (
  product_id UUID PRIMARY KEY REFERENCES products (id),
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  CONSTRAINT stock_is_real CHECK (on_hand >= reserved AND reserved >= 0)
);

CREATE TABLE carts ({_ENTITY},
  user_id UUID NOT NULL
);
CREATE UNIQUE INDEX carts_user ON carts (user_id) WHERE deleted_at IS NULL;

CREATE TABLE cart_lines ({_ENTITY},
  cart_id UUID NOT NULL REFERENCES carts (id),
  product_id UUID NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL
);
CREATE UNIQUE INDEX cart_lines_product ON cart_lines (cart_id, product_id);
"""


def upgrade() -> None:
    create_shared_tables(op.get_bind())
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("cart_lines", "carts", "stock", "products", "stores"):
        op.execute(f"DROP TABLE {table}")
    for table in ("outbox", "inbox", "idempotency_keys", "audit", "relation_edges"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change")
