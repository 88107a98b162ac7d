"""The jars of the embedded broker: fetched by Maven once, checked against their hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from liaison.processes import locked
from schemas.errors import ConfigurationInvalid, Unreachable, VerificationFailed

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent
FETCH_TIMEOUT_S = 900


def resources() -> Path:
    """The directory of ``pom.xml`` and its neighbours, in a wheel or in a checkout."""
    packaged = PACKAGE / "kafka"
    return packaged if packaged.is_dir() else CHECKOUT / "docker" / "kafka"


def cache() -> Path:
    """Where the jars are kept: ``.cache/kafka`` of a checkout, else the user's cache directory."""
    if resources().parent.parent == CHECKOUT:
        return CHECKOUT / ".cache" / "kafka"
    user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(user) / "liaison" / "kafka"


def libraries() -> Path:
    """The directory of the jars, fetched when they are not there yet.

    ``LIAISON_KAFKA_LIBS`` names a directory to use instead (a machine without Maven); its jars
    are held to the same hashes. Several processes may ask at once: one fetches, the others wait.

    Raises:
        ConfigurationInvalid: Maven is not there.
        Unreachable: Maven could not fetch them.
        VerificationFailed: a jar is not the one that is pinned.
    """
    if given := os.environ.get("LIAISON_KAFKA_LIBS"):
        _verify(Path(given))
        return Path(given)
    pins = (resources() / "jars.sha256").read_bytes()
    target = cache() / f"libs-{hashlib.sha256(pins).hexdigest()[:12]}"
    if not target.is_dir():
        with locked(cache() / "lock"):
            if not target.is_dir():
                _fetch(target)
    return target


def _fetch(target: Path) -> None:
    """Makes ``target`` appear complete and verified, or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetch-") as directory:
        fresh = Path(directory) / "libs"
        _maven(fresh)
        _verify(fresh)
        fresh.rename(target)


def _maven(output: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ConfigurationInvalid(
            "Maven (mvn) is not installed, and the embedded Kafka is not here yet",
            remedy="install Maven, or copy the jars of docker/kafka/pom.xml here and set "
            "LIAISON_KAFKA_LIBS, or set [kafka] bootstrap_servers to a cluster of your own",
        )
    command = [maven, "-q", "-B", "-ntp", "-f", str(resources() / "pom.xml")]
    command += ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    try:
        subprocess.run(
            [*command, f"-DoutputDirectory={output}"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=FETCH_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreachable(
            f"Maven did not fetch Kafka within {FETCH_TIMEOUT_S} seconds",
            remedy="check the network and run the command again",
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stdout.decode(errors="replace").strip().splitlines()
        raise Unreachable(
            f"Maven could not fetch Kafka: {said[0] if said else 'it does not say why'}",
            remedy="check the network and Maven's settings, and run the command again",
        ) from error


def _verify(directory: Path) -> None:
    """Raises unless ``directory`` holds exactly the pinned jars."""
    lines = (resources() / "jars.sha256").read_text("ascii").splitlines()
    pinned = {name: digest for digest, name in (line.split() for line in lines)}
    found = {
        jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in directory.glob("*.jar")
    }
    wrong = sorted(name for name, digest in found.items() | pinned.items()
                   if (found.get(name), pinned.get(name)) != (digest, digest))  # fmt: skip
    if wrong:
        raise VerificationFailed(
            f"the Kafka jars are not the pinned ones, beginning with {wrong[0]}",
            remedy="remove them and run again; if it stays so, the repository was changed: "
            "do not use it",
        )


if __name__ == "__main__":
    libraries()
