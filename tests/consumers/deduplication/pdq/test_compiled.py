"""The compiler, adapted."""

from typing import Any

import numpy as np

from consumers.deduplication.pdq.compiled import LANES, compiled, near, popcount


@compiled("void(u4[::1], u8[::1], u4, u4, u4, u4[::1])")
def both(
    words: Any, long: Any, shift: np.uint32, wanted: np.uint32, most: np.uint32, out: Any
) -> None:
    """The two instructions, as compiled code uses them."""
    out[0] = near(words, np.int64(3), shift, wanted, most)
    out[1] = popcount(long[0])


def test_instructions() -> None:
    """``near`` and ``popcount`` do what their docstrings say."""
    rng = np.random.default_rng(5)
    for most in range(9):
        words = rng.integers(0, 2**32, LANES + 3, np.uint32)
        long = rng.integers(0, 2**64, 1, np.uint64)
        wanted, out = rng.integers(0, 2**10, dtype=np.uint32), np.zeros(2, np.uint32)
        both(words, long, 22, wanted, most, out)
        lanes = [(int(word) >> 22 ^ int(wanted)).bit_count() <= most for word in words[3:]]
        assert out.tolist() == [
            sum(1 << lane for lane, yes in enumerate(lanes) if yes),
            int(long[0]).bit_count(),
        ]


def test_nowhere_to_keep_it() -> None:
    """Where no cache can be written, a function is compiled all the same."""
    names: dict[str, Any] = {}
    exec(compile("def twice(number):\n    return 2 * number", "<nowhere>", "exec"), names)
    assert compiled("i8(i8)")(names["twice"])(21) == 42
