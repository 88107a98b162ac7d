"""What a recipient answers to a block or a question for its position, and how it travels.

Success is the signed receipt or position; everything else is ``application/problem+json``
(RFC 9457) with the signed statement that proves it. docs/relay-protocol.md, section 9.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from schemas.errors import VerificationFailed

RECEIPT_TYPE = "application/vnd.liaison.receipt"
POSITION_TYPE = "application/vnd.liaison.position"
BLOCK_TYPE = "application/vnd.liaison.block"
PROBLEM_TYPE = "application/problem+json"
_URN = "urn:liaison:problem:"

OK = "ok"
REFUSED = "refused"
FORK = "fork"
GAP = "gap"
BUSY = "busy"

_HTTP_STATUS = {OK: 200, REFUSED: 422, FORK: 409, GAP: 409, BUSY: 503}
_NOT_OK = {kind: kind for kind in _HTTP_STATUS if kind != OK}
MAX_ANSWER_BYTES = 64 * 1024
"""Two signed statements in base64 and a few sentences; nothing honest is longer."""
MAX_TEXT = 500
"""Characters of a peer's words that are kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        kind: ``ok``, ``refused``, ``fork``, ``gap`` or ``busy``.
        statement: the signed receipt or position (ok), refusal (refused), position (fork, gap).
        receipt: with a fork, the receipt stored at the place of the block, if any.
        code, problem, remedy: for people, and for problem types.
        time_ms: the recipient's clock.
        retry_after_s: with busy, and with a refusal that waiting mends.
    """

    kind: str
    statement: bytes = b""
    receipt: bytes = b""
    code: str = ""
    problem: str = ""
    remedy: str = ""
    time_ms: int = 0
    retry_after_s: int | None = None

    @property
    def http_status(self) -> int:
        """200, 409 fork and gap, 422 refused, 503 busy or clock ahead."""
        return 503 if self.retry_after_s is not None else _HTTP_STATUS[self.kind]

    def to_body(self) -> bytes:
        """The HTTP body."""
        if self.kind == OK:
            return self.statement
        document = {
            "type": _URN + (self.code or self.kind),
            "title": self.problem,
            "status": self.http_status,
            "detail": self.remedy,
            "kind": self.kind,
            "time": self.time_ms,
            "statement": base64.b64encode(self.statement).decode(),
            "receipt": base64.b64encode(self.receipt).decode(),
        }
        return json.dumps(document, separators=(",", ":")).encode()

    @classmethod
    def parse(cls, status: int, body: bytes, retry_after: str | None) -> Answer:
        """From an HTTP answer.

        Raises:
            VerificationFailed: not an answer of this protocol. Nothing else escapes.
        """
        if status == _HTTP_STATUS[OK]:
            return cls(OK, statement=body)
        try:
            document = json.loads(body)
            answer = cls(
                kind=_NOT_OK[document["kind"]],
                statement=base64.b64decode(document["statement"], validate=True),
                receipt=base64.b64decode(document["receipt"], validate=True),
                code=_text(document["type"], 64 + len(_URN)).removeprefix(_URN),
                problem=_text(document["title"], MAX_TEXT),
                remedy=_text(document["detail"], MAX_TEXT),
                time_ms=_number(document["time"]),
                retry_after_s=int(retry_after) if retry_after else None,
            )
            said = _number(document["status"])
        except (LookupError, RecursionError, TypeError, ValueError) as error:
            raise VerificationFailed(f"status {status} with a body that is no answer") from error
        if not status == said == answer.http_status:
            raise VerificationFailed(f"status {status} with a body that is no answer to it")
        return answer


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _text(value: object, limit: int) -> str:
    """A peer's words, fit for a terminal and a database: printable and bounded."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[:limit])
