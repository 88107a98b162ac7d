"""The node's private keys on disk, and the federation root's.

One directory, mode 0700; one file, mode 0600, per kind and generation: ``signing-0001.json``,
``sealing-0001.json``. A higher number is newer. Rotation adds a generation; the old one goes on
opening and signing until the directory no longer lists it. Keys that others on the machine may
read are refused: they have to be taken for stolen.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from gateway.sealing import Opener
from gateway.signing import Signer
from liaison.processes import locked
from schemas.errors import ConfigurationInvalid
from schemas.members import Member

SIGNING_FIELDS = ("ed25519", "ml_dsa")
SEALING_FIELDS = ("ml_kem", "x25519")


@dataclass(frozen=True, slots=True)
class Keyring:
    """A node's private keys, newest generation first."""

    signers: tuple[Signer, ...]
    openers: tuple[Opener, ...]

    @classmethod
    def load(cls, directory: Path) -> Keyring:
        """The keys in ``directory``.

        Raises:
            ConfigurationInvalid: there are none, others may read them, or one is damaged.
        """
        signers = tuple(load_signer(file) for file in _generations(directory, "signing"))
        openers = tuple(_load_opener(file) for file in _generations(directory, "sealing"))
        if not signers or not openers:
            raise ConfigurationInvalid(
                f"there are no keys in {directory}", remedy="`liaison init` makes them"
            )
        return cls(signers, openers)

    @classmethod
    def create(cls, directory: Path) -> Keyring:
        """The keys in ``directory``, made if there are none. Never replaces one."""
        with locked_directory(directory):
            if not _generations(directory, "signing"):
                save_signer(directory / _name("signing", 1), Signer.generate())
            if not _generations(directory, "sealing"):
                _save_opener(directory / _name("sealing", 1), Opener.generate())
        return cls.load(directory)

    @classmethod
    def rotate(cls, directory: Path) -> Keyring:
        """Adds a new generation of both kinds; see :meth:`current` for when it is used."""
        cls.load(directory)
        with locked_directory(directory):
            number = 1 + max(
                int(file.stem.rpartition("-")[2])
                for kind in ("signing", "sealing")
                for file in _generations(directory, kind)
            )
            save_signer(directory / _name("signing", number), Signer.generate())
            _save_opener(directory / _name("sealing", number), Opener.generate())
        return cls.load(directory)

    def current(self, listed: Member | None) -> Signer:
        """The signer to use: the newest that the directory lists for us, so that peers know it."""
        if listed is not None:
            for signer in self.signers:
                if signer.public in listed.signing:
                    return signer
        return self.signers[0]


def load_signer(file: Path) -> Signer:
    """The signing keys in ``file``; raises as :meth:`Keyring.load`."""
    try:
        return Signer.from_seeds(*_read(file, SIGNING_FIELDS))
    except ValueError as error:
        raise _damaged(file) from error


def save_signer(file: Path, signer: Signer) -> None:
    """Writes new signing keys; raises FileExistsError rather than replace any."""
    _write(file, SIGNING_FIELDS, signer.seeds)


def _load_opener(file: Path) -> Opener:
    try:
        return Opener.from_seeds(*_read(file, SEALING_FIELDS))
    except ValueError as error:
        raise _damaged(file) from error


def _save_opener(file: Path, opener: Opener) -> None:
    _write(file, SEALING_FIELDS, opener.seeds)


def locked_directory(directory: Path) -> AbstractContextManager[None]:
    """Makes ``directory`` with mode 0700 and holds its lock."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(directory.iterdir()):
        # There is nothing yet that others could have read.
        directory.chmod(0o700)
    check_private(directory)
    return locked(directory / ".lock")


def check_private(path: Path) -> None:
    """Raises :class:`~schemas.errors.ConfigurationInvalid` when others may read ``path``."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigurationInvalid(
            f"{path} cannot be read: {error.strerror}", remedy="`liaison init` makes new keys"
        ) from error
    if stat.S_IMODE(mode) & 0o077:
        wanted = "700" if stat.S_ISDIR(mode) else "600"
        raise ConfigurationInvalid(
            f"others on this machine may read {path}",
            remedy=f"chmod {wanted} {path}, then rotate the keys: they may have been copied",
        )


def _name(kind: str, number: int) -> str:
    return f"{kind}-{number:04}.json"


def _generations(directory: Path, kind: str) -> list[Path]:
    """The files of ``kind``, newest first; looks at the directory's mode first."""
    if not directory.is_dir():
        return []
    check_private(directory)
    return sorted(directory.glob(f"{kind}-[0-9][0-9][0-9][0-9].json"), reverse=True)


def _read(file: Path, fields: Sequence[str]) -> list[bytes]:
    check_private(file)
    try:
        document = json.loads(file.read_text("utf-8"))
        return [base64.b64decode(document[name], validate=True) for name in fields]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(file) from error


def _write(file: Path, fields: Sequence[str], secrets: Sequence[bytes]) -> None:
    text = json.dumps(
        {name: base64.b64encode(s).decode() for name, s in zip(fields, secrets, strict=True)}
    )
    # Written beside and linked: a key file is there whole or not at all, and never replaced.
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.link(temporary, file)
    finally:
        temporary.unlink()


def _damaged(file: Path) -> ConfigurationInvalid:
    return ConfigurationInvalid(
        f"the key file {file} is damaged", remedy="restore it from its backup, or rotate the keys"
    )
