"""Nothing can be missed: arithmetic of chunks and radii."""

import numpy as np
import pytest

from consumers.deduplication.pdq.chunks import (
    ENTRY_BITS,
    MOST_BITS,
    MOST_ROWS,
    RADII,
    STARTS,
    WIDEST,
    WIDTHS,
    bucket_bits,
    flips,
)


def test_every_bit_is_in_one_chunk() -> None:
    """The chunks follow each other and cover the 256 bits."""
    assert STARTS.tolist() == [0, *np.cumsum(WIDTHS)[:-1].tolist()]
    assert WIDTHS.sum() == 256


def test_pigeonhole() -> None:
    """Hashes that are beyond the radius in every chunk are at least 32 bits apart."""
    assert sum(radius + 1 for radius in RADII.tolist()) == 32


@pytest.mark.parametrize("bits", [4, 10, MOST_BITS])
def test_flips(bits: int) -> None:
    """All masks of up to four bits are there once, fewest bits first."""
    masks, ends = flips(bits)
    assert len(set(masks.tolist())) == len(masks)
    weights = [mask.bit_count() for mask in masks.tolist()]
    assert weights == sorted(weights)
    assert max(weights) == WIDEST
    assert len(masks) == ends[WIDEST]
    assert sum(mask < 1 << bits and mask.bit_count() <= WIDEST for mask in range(1 << 10)) == sum(
        mask < 1 << 10 for mask in masks.tolist()
    )
    assert [int(end) for end in ends] == [sum(w <= r for w in weights) for r in range(WIDEST + 1)]


@pytest.mark.parametrize("rows", [0, 1, 5, 4096, 10**6, 10**7, MOST_ROWS])
@pytest.mark.parametrize("live", [0, 1, 10**9])
def test_an_entry_has_room(rows: int, live: int) -> None:
    """Id and remaining bits of a chunk fit into an entry, however few of the rows are alive."""
    id_bits = rows.bit_length()
    bits = bucket_bits(min(live, rows), id_bits)
    assert 4 <= bits <= MOST_BITS
    assert WIDTHS.max() - bits + id_bits <= ENTRY_BITS
