"""A second implementation of the relay protocol, written from docs/relay-protocol.md alone.

It shares no code with the gateway: plain bytes and the primitives of ``cryptography`` (ML-KEM,
X25519, HMAC, AES-GCM, Ed25519, ML-DSA), not its HPKE. Numbers in comments are sections of the
document. Items are judged in ``independent_items``.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ZEROS = bytes(32)
ED, ML = 64, 3309
SIGNED = ED + ML
FRAME, SEALED, HEADER, RECEIPT = 1_073_723, 1_049_712, 16_582, 4_043
DISPOSITIONS = {0, 1, 2, *range(16, 25)}
REFUSALS = {4, 5, 7, 8, 9, 11, 12, 13}
FIXED = {"receipt": 158, "refusal": 125, "position": 168}


class Malformed(Exception):
    """The bytes are not what they claim to be."""


class Refused(Exception):
    """A block is refused with this code (section 8)."""

    def __init__(self, code: int) -> None:
        self.code = code


def h(*parts: bytes) -> bytes:
    """1.2."""
    return hashlib.sha256(b"".join(parts)).digest()


def domain(name: str) -> bytes:
    """1.2."""
    return b"liaison/v1/" + name.encode() + b"\0"


def commitment(salt: bytes, notification: bytes) -> bytes:
    """3.1."""
    return h(domain("item"), salt, notification)


def padme(length: int) -> int:
    """3.1."""
    if length < 2:
        return length
    e, log = 0, length
    while log > 1:
        e, log = e + 1, log >> 1
    s, log = 1, e
    while log > 1:
        s, log = s + 1, log >> 1
    if e < s:
        return length
    step = 1 << (e - s)
    return -(-length // step) * step


def block_hash(header: bytes, sealed_hash: bytes) -> bytes:
    """3.4."""
    return h(domain("block"), h(header), sealed_hash)


def message(use: str, suite: int, digest: bytes) -> bytes:
    """1.4: what both signatures are made over."""
    return domain(use + "-signature") + struct.pack(">H", suite) + digest


def pair_id(one: str, other: str) -> str:
    """8."""
    parts = [b"pair", *sorted((one.encode(), other.encode()))]
    data = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    raw = bytearray(h(domain("derived-id"), data)[:16])
    raw[6], raw[8] = 0x80 | raw[6] & 0x0F, 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def verified(keys: dict[str, str], said: bytes, signatures: bytes) -> bool:
    """1.4: both signatures of a pair."""
    try:
        ed25519 = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys["ed25519"]))
        ed25519.verify(signatures[:ED], said)
        ml_dsa = MLDSA65PublicKey.from_public_bytes(bytes.fromhex(keys["ml_dsa"]))
        ml_dsa.verify(signatures[ED:], said)
    except InvalidSignature:
        return False
    return True


def decapsulate(ml_kem_seed: bytes, x25519_key: bytes, enc: bytes) -> bytes:
    """1.4: the shared secret of the KEM."""
    ml_kem = MLKEM768PrivateKey.from_seed_bytes(ml_kem_seed)
    x25519 = X25519PrivateKey.from_private_bytes(x25519_key)
    ss_m = ml_kem.decapsulate(enc[:1088])
    ss_x = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    pk_x = x25519.public_key().public_bytes_raw()
    return hashlib.sha3_256(
        ss_m + ss_x + enc[1088:] + pk_x + bytes.fromhex("5c2e2f2f5e5c")
    ).digest()


def key_schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """1.4: key and nonce."""
    suite_id = b"HPKE" + bytes.fromhex("647a00010002")

    def extract(salt: bytes, label: bytes, ikm: bytes) -> bytes:
        return hmac.digest(salt or ZEROS, b"HPKE-v1" + suite_id + label + ikm, "sha256")

    def expand(prk: bytes, label: bytes, about: bytes, length: int) -> bytes:
        labelled = struct.pack(">H", length) + b"HPKE-v1" + suite_id + label + about
        return hmac.digest(prk, labelled + b"\1", "sha256")[:length]

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    return expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)


def open_body(seeds: dict[str, str], header: bytes, sealed: bytes) -> bytes:
    """3.3."""
    if len(sealed) < 1136:
        raise Refused(12)
    try:
        secret = decapsulate(
            bytes.fromhex(seeds["ml_kem"]), bytes.fromhex(seeds["x25519"]), sealed[:1120]
        )
        key, nonce = key_schedule(secret, domain("seal") + h(header))
        return AESGCM(key).decrypt(nonce, sealed[1120:], b"")
    except (InvalidTag, ValueError) as error:
        raise Refused(12) from error


def items(body: bytes, commitments: list[bytes]) -> list[bytes]:
    """3.1: the notifications of an opened body."""
    found, at = [], 2
    if len(body) < 2 or struct.unpack_from(">H", body)[0] != len(commitments):
        raise Refused(13)
    for said in commitments:
        if len(body) < at + 36:
            raise Refused(13)
        salt, (length,) = body[at : at + 32], struct.unpack_from(">I", body, at + 32)
        at += 36 + length
        if len(body) < at or commitment(salt, body[at - length : at]) != said:
            raise Refused(13)
        found.append(body[at - length : at])
    if len(body) != padme(at) or any(body[at:]):
        raise Refused(13)
    return found


def place(data: bytes, at: int) -> tuple[int, int]:
    """1.1."""
    epoch, sequence = struct.unpack_from(">IQ", data, at)
    if sequence >= 1 << 63 or (epoch == 0) != (sequence == 0):
        raise Malformed
    return epoch, sequence


def _channel(data: bytes) -> tuple[str, str, int]:
    codes = data[3:7]
    if data[0] != 1 or not all(65 <= byte <= 90 for byte in codes) or data[7] > 1:
        raise Malformed
    return codes[:2].decode(), codes[2:].decode(), data[7]


def parse_header(data: bytes) -> dict[str, Any]:
    """3.2."""
    if len(data) < 198:
        raise Malformed
    (count,) = struct.unpack_from(">H", data, 196)
    if not 1 <= count <= 512 or len(data) != 198 + 32 * count:
        raise Malformed
    at = place(data, 8)
    if at == (0, 0):
        raise Malformed
    return {
        "suite": struct.unpack_from(">H", data, 1)[0],
        "channel": _channel(data),
        "place": at,
        "previous": data[20:52],
        "created": struct.unpack_from(">Q", data, 52)[0],
        "directory_version": struct.unpack_from(">Q", data, 60)[0],
        "signing": (data[68:100], data[100:132]),
        "sealing": (data[132:164], data[164:196]),
        "commitments": [data[i : i + 32] for i in range(198, len(data), 32)],
    }


def parse_frame(data: bytes) -> dict[str, Any]:
    """2."""

    def take(length: int) -> bytes:
        nonlocal at
        at += length
        if at > len(data):
            raise Malformed
        return data[at - length : at]

    def prefixed(limit: int) -> bytes:
        (length,) = struct.unpack(">I", take(4))
        if length > limit:
            raise Malformed
        return take(length)

    at = 0
    kind = take(1)[0]
    if kind not in (1, 2):
        raise Malformed
    header, signatures = prefixed(HEADER), take(SIGNED)
    body = prefixed(SEALED) if kind == 1 else None
    body_hash = take(32) if body is None else h(body)
    receipt = prefixed(RECEIPT)
    if at != len(data):
        raise Malformed
    return {
        "header": header,
        "signatures": signatures,
        "body": body,
        "body_hash": body_hash,
        "receipt": receipt,
        "block_hash": block_hash(header, body_hash),
    }


def parse_statement(kind: str, data: bytes) -> dict[str, Any]:
    """4, 5, 6: a signed statement, its signatures not verified."""
    said, fixed = data[: max(0, len(data) - SIGNED)], FIXED[kind]
    if len(said) < fixed or (kind != "receipt" and len(said) != fixed) or said[1:3] != b"\0\1":
        raise Malformed
    at = {"receipt": 92, "refusal": 61, "position": 104}[kind]
    found = {
        "channel": _channel(said),
        "place": place(said, 8),
        "block_hash": said[20:52],
        "signing": (said[at : at + 32], said[at + 32 : at + 64]),
        "hash": h(domain(kind), said),
    }
    if kind == "receipt":
        (count,) = struct.unpack_from(">H", said, 156)
        if not 1 <= count <= 512 or len(said) != 158 + count or not {*said[158:]} <= DISPOSITIONS:
            raise Malformed
        found |= {"previous": said[52:84], "at": said[84:92], "dispositions": [*said[158:]]}
    elif kind == "refusal":
        if said[52] not in REFUSALS:
            raise Malformed
        found |= {"code": said[52], "at": said[53:61]}
    else:
        found |= {"receipt_hash": said[52:84], "processed": place(said, 84), "at": said[96:104]}
        if found["processed"] > found["place"] or (found["place"] == (0, 0) and any(said[20:84])):
            raise Malformed
    return found


def verify_statement(kind: str, data: bytes, pairs: Iterable[dict[str, str]]) -> dict[str, Any]:
    """6, last paragraph."""
    said = parse_statement(kind, data)
    keys = _pair(said["signing"], pairs, ("ed25519", "ml_dsa"))
    if keys is None or not verified(keys, message(kind, 1, said["hash"]), data[-SIGNED:]):
        raise Malformed
    return said


def _pair(
    ids: tuple[bytes, bytes], pairs: Iterable[dict[str, str]], names: tuple[str, str]
) -> dict[str, str] | None:
    for keys in pairs:
        if ids == tuple(h(bytes.fromhex(keys[name])) for name in names):
            return keys
    return None


def continuation(state: dict[str, Any], block: dict[str, Any]) -> str:
    """7.2, rows b to k."""
    (own_epoch, own_sequence), (epoch, sequence) = state["place"], block["place"]
    if epoch < own_epoch:
        return "fork"
    if epoch == own_epoch:
        if sequence > own_sequence + 1:
            return "gap"
        follows = sequence == own_sequence + 1 and block["previous"] == state["block_hash"]
        return "next" if follows else "fork"
    if sequence != 1:
        return "gap"
    if block["previous"] == state["receipt_hash"] or block["issued"]:
        return "epoch"
    if block["vouched"]:
        return "epoch-after-loss"
    return "fork" if block["previous"] == ZEROS else "gap"


Judge = Callable[[list[bytes]], list[int]]


def judge_block(case: dict[str, Any], keys: dict[str, Any], judge: Judge) -> dict[str, Any]:
    """8: what the recipient of a case answers."""
    try:
        return _judge_block(case, keys, judge)
    except Refused as refused:
        return {"verdict": "refused", "code": refused.code}


def _judge_block(case: dict[str, Any], keys: dict[str, Any], judge: Judge) -> dict[str, Any]:
    own, sender = case["recipient"], case["peer"]
    frame, header = _admitted(case, keys)
    known = {one["block_hash"]: one["receipt"] for one in case["receipted"]}
    if frame["block_hash"].hex() in known:
        return {"verdict": "stored-receipt", "receipt": known[frame["block_hash"].hex()]}
    seeds = _authenticated(frame, header, keys[sender], keys[own])
    vouched = _vouched(frame, header, keys[own])
    how = _continues(case, header, vouched)
    if how in ("fork", "gap"):
        return {"verdict": how}
    adopted = vouched is not None and vouched["block_hash"] == frame["block_hash"]
    if not adopted and header["created"] > case["now"] + 300_000:
        raise Refused(11)
    notifications = _opened(frame, header, seeds, adopted=adopted)
    verdict = {"verdict": "accepted", "continuation": how, "dispositions": judge(notifications)}
    if adopted:
        verdict["adopted"] = frame["receipt"].hex()
    return verdict


def _admitted(case: dict[str, Any], keys: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Steps 2, 3, 1, 4, 5."""
    if case["peer"] not in keys:
        raise Refused(2)
    if case["peer"] in case["suspended"]:
        raise Refused(3)
    data = bytes.fromhex(case["frame"]) + bytes(case.get("zeros_appended", 0))
    if len(data) > FRAME:
        raise Refused(1)
    try:
        frame = parse_frame(data)
        header = parse_header(frame["header"])
    except Malformed as error:
        raise Refused(4) from error
    if header["channel"] != (case["peer"], case["recipient"], case["lane"]):
        raise Refused(5)
    return frame, header


def _vouched(
    frame: dict[str, Any], header: dict[str, Any], own: dict[str, Any]
) -> dict[str, Any] | None:
    """The rest of step 9: the receipt sent along."""
    if not frame["receipt"]:
        return None
    try:
        receipt = verify_statement("receipt", frame["receipt"], [own["public"]])
    except Malformed as error:
        raise Refused(9) from error
    return receipt if receipt["channel"] == header["channel"] else None


def _continues(case: dict[str, Any], header: dict[str, Any], vouched: dict[str, Any] | None) -> str:
    """Step 10."""
    hashes = [one["receipt_hash"] for one in case["receipted"]]
    known = {
        "issued": header["previous"].hex() in hashes,
        "vouched": vouched is not None and vouched["hash"] == header["previous"],
    }
    state = {name: _bytes(value) for name, value in case["state"].items()}
    return continuation(state, header | known)


def _opened(
    frame: dict[str, Any], header: dict[str, Any], seeds: dict[str, str], *, adopted: bool
) -> list[bytes]:
    if frame["body"] is not None:
        return items(open_body(seeds, frame["header"], frame["body"]), header["commitments"])
    if not adopted:
        raise Refused(12)
    return []


def _authenticated(
    frame: dict[str, Any], header: dict[str, Any], sender: dict[str, Any], own: dict[str, Any]
) -> dict[str, str]:
    """Steps 7, 8, 9; gives the seeds to open with."""
    signing = _pair(header["signing"], [sender["public"]], ("ed25519", "ml_dsa"))
    if signing is None or _pair(header["sealing"], [own["public"]], ("ml_kem", "x25519")) is None:
        raise Refused(7)
    if header["suite"] != 1:
        raise Refused(8)
    if not verified(signing, message("block", 1, frame["block_hash"]), frame["signatures"]):
        raise Refused(9)
    seeds: dict[str, str] = own["seeds"]
    return seeds


def _bytes(value: Any) -> Any:
    return bytes.fromhex(value) if isinstance(value, str) else tuple(value)


def after_discontinuity(case: dict[str, Any]) -> dict[str, Any]:
    """7.4."""
    state, position = case["state"], case["position"]
    own, receipted, at = state["place"], state["receipted"], position["place"]
    if case["answer"] == "gap" and at < receipted and case["kept"]:
        return {"action": "resend"}
    if case["fruitless"] >= 8 or max(own[0], at[0]) >= 0xFFFFFFFF:
        return {"action": "halt"}
    named = state["receipt_hash"] if at < receipted else position["receipt_hash"]
    return {"action": "raise-epoch", "place": [max(own[0], at[0]) + 1, 1], "previous": named}
