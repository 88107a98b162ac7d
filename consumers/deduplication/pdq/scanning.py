"""Hashes compared one by one, eight in a step: llvmlite, adapted.

One function of a few instructions, in LLVM's own language. llvmlite, which numba is built on, makes
machine code of it in a fifth of the time that it takes to import numba, and keeps nothing on disk.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import llvmlite.binding as llvm

from consumers.deduplication.pdq.hashes import NEAR

LANES = 8
"""Hashes that are compared in a step: as many as its answer has bits."""
SHIFT = 8
"""Where the number of the step lies in an answer, above which of its hashes are meant."""

Scan = Callable[[int, int, int, int, int, int, int], int]
"""``scan(first, second, steps, x, y, answers, room)``: of hashes whose first two words lie in the
columns at the addresses ``first`` and ``second``, those that differ from ``x`` and ``y`` in no more
than ``NEAR`` bits together. Writes at most ``room`` answers, one for each step with such a hash,
and returns how many there are."""

_V = f"<{LANES} x i64>"
_CODE = f"""
declare {_V} @llvm.ctpop.v{LANES}i64({_V})

define i64 @scan(ptr %first, ptr %second, i64 %steps, i64 %x, i64 %y, ptr %answers, i64 %room) {{
begin:
  %x1 = insertelement {_V} zeroinitializer, i64 %x, i32 0
  %xs = shufflevector {_V} %x1, {_V} zeroinitializer, <{LANES} x i32> zeroinitializer
  %y1 = insertelement {_V} zeroinitializer, i64 %y, i32 0
  %ys = shufflevector {_V} %y1, {_V} zeroinitializer, <{LANES} x i32> zeroinitializer
  %limit1 = insertelement {_V} zeroinitializer, i64 {NEAR}, i32 0
  %limit = shufflevector {_V} %limit1, {_V} zeroinitializer, <{LANES} x i32> zeroinitializer
  br label %loop
loop:
  %step = phi i64 [0, %begin], [%after, %next]
  %found = phi i64 [0, %begin], [%more, %next]
  %ended = icmp eq i64 %step, %steps
  br i1 %ended, label %end, label %look
look:
  %at1 = getelementptr {_V}, ptr %first, i64 %step
  %at2 = getelementptr {_V}, ptr %second, i64 %step
  %word1 = load {_V}, ptr %at1, align 8
  %word2 = load {_V}, ptr %at2, align 8
  %differ1 = xor {_V} %word1, %xs
  %differ2 = xor {_V} %word2, %ys
  %bits1 = call {_V} @llvm.ctpop.v{LANES}i64({_V} %differ1)
  %bits2 = call {_V} @llvm.ctpop.v{LANES}i64({_V} %differ2)
  %bits = add {_V} %bits1, %bits2
  %near = icmp ule {_V} %bits, %limit
  %which = bitcast <{LANES} x i1> %near to i{LANES}
  %none = icmp eq i{LANES} %which, 0
  br i1 %none, label %next, label %hit
hit:
  %counted = add i64 %found, 1
  %fits = icmp ult i64 %found, %room
  br i1 %fits, label %note, label %next
note:
  %low = zext i{LANES} %which to i64
  %high = shl i64 %step, {SHIFT}
  %answer = or i64 %high, %low
  %at = getelementptr i64, ptr %answers, i64 %found
  store i64 %answer, ptr %at
  br label %next
next:
  %more = phi i64 [%found, %look], [%counted, %hit], [%counted, %note]
  %after = add i64 %step, 1
  br label %loop
end:
  ret i64 %found
}}
"""


class Scanner:
    """Machine code, which is there as long as this is."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
        )
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(_CODE), machine)
        engine.finalize_object()
        address, number = ctypes.c_void_p, ctypes.c_uint64
        kinds = (address, address, number, number, number, address, number)
        # With the interpreter's lock held: it takes microseconds, and giving it away takes longer.
        self.scan: Scan = ctypes.PYFUNCTYPE(number, *kinds)(engine.get_function_address("scan"))
        self._owner = engine


@cache
def scanner() -> Scanner:
    """The one of this process, made when it is first asked for."""
    return Scanner()
