"""A PDQ hash as it is written."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.pdq.hashes import parse_pdq
from schemas.errors import InputRefused


@given(st.binary(min_size=32, max_size=32))
def test_parses(pdq: bytes) -> None:
    """Sixty-four hexadecimal digits of either case are the 32 bytes."""
    assert parse_pdq(pdq.hex()) == parse_pdq(pdq.hex().upper()) == pdq


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "g" * 64, " " + "0" * 63, "٣" * 64])
def test_refuses_anything_else(text: str) -> None:
    """Nothing else is a hash, and the refusal does not repeat it."""
    with pytest.raises(InputRefused) as refused:
        parse_pdq(text)
    assert str(refused.value) == (
        f"a PDQ hash has 64 hexadecimal digits; this one has {len(text)} characters, "
        "or others among them; give the hash as the PDQ library prints it"
    )
    assert refused.value.field == "media_hashes"


def test_parsing_needs_no_compiler() -> None:
    """Who only parses a hash, or asks the command line for help, does not wait for numba."""
    code = (
        "import sys; from consumers.deduplication.pdq import hashes; from liaison.cli import cli; "
        "cli(['bench', 'pdq', '--help'], standalone_mode=False); "
        "sys.exit('numba' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
