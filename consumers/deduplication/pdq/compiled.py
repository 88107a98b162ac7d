"""numba, adapted: functions compiled once on this machine, and two instructions it lacks.

The first start compiles (seconds); the result is kept beside the module or, where that cannot
be written, in ``NUMBA_CACHE_DIR`` or the user's cache directory. Where nothing can be written
the functions are compiled at each start, and work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

LANES = 32
"""Entries that ``near`` compares at once: as many as its answer has bits."""

_LANES = ir.VectorType(ir.IntType(32), LANES)


def compiled(signature: str) -> Callable[[F], F]:
    """Compiles for exactly ``signature``, at once; from the cache where there is one."""

    def compile_(function: F) -> F:
        try:
            result: F = njit(signature, cache=True)(function)
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            result = njit(signature)(function)
        return result

    return compile_


def inlined(function: F) -> F:
    """Compiled as a part of whoever calls it."""
    result: F = njit(function)
    return result


def _popcount(_: Any, word: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return word(word), code


def _near(_: Any, array: Any, index: Any, shift: Any, wanted: Any, most: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        at = builder.bitcast(builder.gep(data, [arguments[1]]), _LANES.as_pointer())
        by, other, limit = (_spread(builder, number) for number in arguments[2:])
        differ = builder.xor(builder.lshr(builder.load(at, align=4), by), other)
        counts = builder.call(_popcount_of_lanes(builder.module), [differ])
        return builder.bitcast(builder.icmp_unsigned("<=", counts, limit), ir.IntType(LANES))

    return types.uint32(array, types.int64, types.uint32, types.uint32, types.uint32), code


def _spread(builder: Any, number: Any) -> Any:
    """The same number in every lane."""
    nothing = ir.Constant(_LANES, ir.Undefined)
    one = builder.insert_element(nothing, number, ir.IntType(32)(0))
    return builder.shuffle_vector(one, nothing, ir.Constant(_LANES, [0] * LANES))


def _popcount_of_lanes(module: Any) -> Any:
    name = f"llvm.ctpop.v{LANES}i32"
    return module.globals.get(name) or ir.Function(module, ir.FunctionType(_LANES, [_LANES]), name)


popcount: Callable[[Any], Any] = intrinsic(_popcount)
"""How many bits of an unsigned word are set."""

near: Callable[[Any, Any, Any, Any, Any], Any] = intrinsic(_near)
"""``near(array, index, shift, wanted, most)``: which of the ``LANES`` words from ``index`` on,
shifted right, differ from ``wanted`` in at most ``most`` bits, as a mask; the lowest bit is
the first word. They must be there to be read."""
