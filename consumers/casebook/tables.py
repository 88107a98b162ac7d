"""The tables of the casebook."""

from __future__ import annotations

import sqlalchemy as sa

from producers.database import metadata

casebook = sa.Table(
    "casebook",
    metadata,
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(36), nullable=False),
    sa.Column("origin", sa.String(2), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("root", sa.String(36), nullable=False),
    sa.Column("relation", sa.String(16), nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("urgency", sa.String(16), nullable=False),
    sa.Column("mode", sa.String(16), nullable=False),
    sa.Column("valid_until", sa.BigInteger),
    sa.Column("orphan", sa.Boolean, nullable=False),
    sa.Column("latest", sa.Boolean, nullable=False),
    sa.Column("erased_at", sa.BigInteger),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("id", "origin", "revision"),
    sa.Index("casebook_by_root", "root"),
    sa.Index("casebook_by_reference", "reference"),
    sa.Index("casebook_by_expiry", "valid_until"),
)

awaited = sa.Table(
    "casebook_awaited",
    metadata,
    sa.Column("predecessor", sa.Text, primary_key=True),
    sa.Column("origin", sa.String(2), primary_key=True),
    sa.Column("orphan", sa.String(36), primary_key=True),
)
"""Which predecessor an orphan waits for; both are of the same origin."""
