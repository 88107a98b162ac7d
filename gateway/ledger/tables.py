"""The ledger's tables. Places are (epoch, sequence); lanes as on the wire; instants in ms UTC."""

from __future__ import annotations

import sqlalchemy as sa

from producers.database import metadata

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite numbers rows by itself only for a column of type INTEGER."""

OUT, IN = "out", "in"


class DeliveryState:
    """Where one notification is on its way to one recipient, as stored."""

    QUEUED = "queued"
    SEALED = "sealed"
    DONE = "done"
    WITHHELD = "withheld"


outbound = sa.Table(
    "outbound",
    metadata,
    sa.Column("notification", sa.String(36), primary_key=True),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("root", sa.String(36), nullable=False),
    sa.Column("routed_at", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, comment="null once erased"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("notification", sa.String(36), nullable=False),
    sa.Column("recipient", sa.String(2), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("root", sa.String(36), nullable=False),
    sa.Column("queued_at", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("reason", sa.String(64), comment="rule of policy that withheld it"),
    sa.Column("epoch", sa.BigInteger),
    sa.Column("sequence", sa.BigInteger),
    sa.Column("item", sa.Integer),
    sa.Column("disposition", sa.SmallInteger),
    sa.Column("receipted_at", sa.BigInteger),
    sa.UniqueConstraint("notification", "recipient", "revision"),
    sa.Index("deliveries_queue", "recipient", "lane", "state", "number"),
    sa.Index("deliveries_by_root", "root"),
)

channels_out = sa.Table(
    "channels_out",
    metadata,
    sa.Column("recipient", sa.String(2), primary_key=True),
    sa.Column("lane", sa.SmallInteger, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("block_hash", sa.LargeBinary, nullable=False),
    sa.Column("receipt_hash", sa.LargeBinary, nullable=False),
    sa.Column("receipted_epoch", sa.BigInteger, nullable=False),
    sa.Column("receipted_sequence", sa.BigInteger, nullable=False),
    sa.Column("processed_epoch", sa.BigInteger, nullable=False, default=0),
    sa.Column("processed_sequence", sa.BigInteger, nullable=False, default=0),
    sa.Column("halted", sa.String(32)),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", sa.BigInteger, nullable=False, default=0),
    sa.Column("last_error", sa.String(64)),
)

channels_in = sa.Table(
    "channels_in",
    metadata,
    sa.Column("sender", sa.String(2), primary_key=True),
    sa.Column("lane", sa.SmallInteger, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("block_hash", sa.LargeBinary, nullable=False),
    sa.Column("receipt_hash", sa.LargeBinary, nullable=False),
    sa.Column("processed_epoch", sa.BigInteger, nullable=False, default=0),
    sa.Column("processed_sequence", sa.BigInteger, nullable=False, default=0),
)

blocks = sa.Table(
    "blocks",
    metadata,
    sa.Column("direction", sa.String(3), primary_key=True),
    sa.Column("peer", sa.String(2), primary_key=True),
    sa.Column("lane", sa.SmallInteger, primary_key=True),
    sa.Column("epoch", sa.BigInteger, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("header", sa.LargeBinary, nullable=False),
    sa.Column("body_hash", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, comment="null once erased"),
    sa.Column("signatures", sa.LargeBinary, nullable=False),
    sa.Column("block_hash", sa.LargeBinary, nullable=False),
    sa.Column("witness", sa.LargeBinary, comment="receipt sent along with an epoch's first block"),
    sa.Column("stored_at", sa.BigInteger, nullable=False),
    sa.Column("receipt", sa.LargeBinary),
    sa.Column("receipt_hash", sa.LargeBinary),
    sa.Column("receipted_at", sa.BigInteger),
    sa.Column("abandoned_at", sa.BigInteger, comment="by raising the epoch"),
    sa.Index("blocks_by_hash", "block_hash"),
    sa.Index("blocks_by_receipt", "receipt_hash"),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("notification", sa.String(36), primary_key=True),
    sa.Column("origin", sa.String(2), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)

alerted_pairs = sa.Table(
    "alerted_pairs",
    metadata,
    sa.Column("pair", sa.String(36), primary_key=True),
    sa.Column("jurisdiction", sa.String(2), primary_key=True),
)

arrivals = sa.Table(
    "arrivals",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("sender", sa.String(2), nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("item", sa.Integer, nullable=False),
    sa.Column("notification", sa.String(36), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("root", sa.String(36), nullable=False),
    sa.Column("data", sa.LargeBinary, comment="null once it is in the inbound topic"),
    sa.Column("published_at", sa.BigInteger),
    sa.Index("arrivals_unpublished", "published_at", "number"),
    sa.Index("arrivals_by_place", "sender", "lane", "epoch", "sequence"),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("sender", sa.String(2), nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("item", sa.Integer, nullable=False),
    sa.Column("disposition", sa.SmallInteger, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, comment="null for held items: they stay sealed"),
    sa.Column("released_at", sa.BigInteger, comment="when an upgrade could read a held item"),
)

recalled = sa.Table(
    "recalled",
    metadata,
    sa.Column("notification", sa.String(36), primary_key=True),
    sa.Column("origin", sa.String(2), primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
)

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("peer", sa.String(2), nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("statement", sa.LargeBinary, comment="signed refusal or position, as evidence"),
    sa.Index("incidents_by_place", "peer", "lane", "epoch", "sequence"),
)
