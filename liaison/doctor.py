"""Checks everything a node needs: each finding is green or red, and red names the fix."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import ssl
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from consumers import alerts, inbox
from consumers.deduplication import EVIDENCE_VERSION, overview
from gateway.client import Credentials, trusting
from gateway.directory import MemberFile
from gateway.ledger import health
from liaison import assembly, certificates, lifecycle
from liaison.configuration import Configuration
from liaison.keys import Keyring, check_private
from liaison.processes import Process
from schemas.errors import LiaisonError
from schemas.members import Member

CERTIFICATE_DAYS = 21
"""A new certificate has to be listed by the federation first: that takes people's time."""
DIRECTORY_DAYS = 3
DISK_BYTES = 1 << 30
CLOCK_S = 30
"""A block that is five minutes ahead is refused; drift is worth knowing long before."""
PEER_TIMEOUT_S = 5
DAY_S = 86_400

_STALE = "one of you has an old directory: get the current one, then ask its duty officer"
_SILENT = "check the network and the firewall, then ask its duty officer"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``remedy`` when it is not ``ok``."""

    check: str
    ok: bool
    found: str
    remedy: str = ""


def examine(configuration: Configuration) -> list[Finding]:
    """All checks, in the order in which their failures explain each other."""
    findings = [_checked("keys", lambda: _keys(configuration))]
    directory = _open(configuration)
    if isinstance(directory, Finding):
        findings.append(directory)
    else:
        findings.append(_checked("directory", lambda: _directory(configuration, directory)))
    findings += [
        _checked(name, lambda check=check: check(configuration))  # type: ignore[misc]
        for name, check in (
            ("certificate", _certificate),
            ("disk", _disk),
            ("database", _database),
            ("kafka", _kafka),
            ("node", _node),
            ("channels", _channels),
            ("matching", _matching),
        )
    ]
    if isinstance(directory, MemberFile):
        findings += _peers_and_clock(configuration, directory)
    return findings


def _checked(name: str, check: Callable[[], Finding]) -> Finding:
    """The finding of ``check``; an error of the product is a red one."""
    try:
        return check()
    except LiaisonError as error:
        return Finding(name, False, error.problem, error.remedy)


def _open(configuration: Configuration) -> MemberFile | Finding:
    try:
        return assembly.open_directory(configuration)
    except LiaisonError as error:
        return Finding("directory", False, error.problem, error.remedy)


def _keys(configuration: Configuration) -> Finding:
    keyring = Keyring.load(configuration.keys)
    check_private(configuration.gateway.private_key)
    count = len(keyring.signers)
    return Finding("keys", True, f"{count} generation{'s' if count > 1 else ''}, private")


def _directory(configuration: Configuration, directory: MemberFile) -> Finding:
    days = (directory.expires / 1000 - time.time()) / DAY_S
    own = directory.member(configuration.jurisdiction)
    found = f"version {directory.version}, {days:.0f} days left"
    if own is None or not own.active:
        state = "not in it" if own is None else "suspended in it"
        return Finding(
            "directory",
            False,
            f"{found}; we are {state}",
            "send member-request.json to the federation",
        )
    if Keyring.load(configuration.keys).signers[0].public not in own.signing:
        return Finding(
            "directory",
            False,
            f"{found}; our newest keys are not in it",
            "`liaison federation request`, and send the file to the federation",
        )
    if own.is_hub != configuration.is_hub:
        return Finding(
            "directory",
            False,
            f"{found}; it {'does' if own.is_hub else 'does not'} list us as a hub",
            "correct [node] roles, or send a new member request",
        )
    if days < DIRECTORY_DAYS:
        return Finding("directory", False, found, "get the next version from the federation")
    return Finding("directory", True, found)


def _certificate(configuration: Configuration) -> Finding:
    certificate = certificates.load_certificate(configuration.gateway.certificate)
    _credentials(configuration).into(trusting((), ssl.Purpose.SERVER_AUTH))
    days = certificates.days_left(certificate, time.time_ns() // 1_000_000)
    renew = "replace it, `liaison federation request`, and send the file to the federation"
    if days < CERTIFICATE_DAYS:
        return Finding("certificate", False, f"{days:.0f} days left", renew)
    own = assembly.open_directory(configuration).member(configuration.jurisdiction)
    if own is not None and certificates.der(certificate) not in own.certificates:
        return Finding("certificate", False, "the directory lists another one for us", renew)
    return Finding("certificate", True, f"{days:.0f} days left")


def _credentials(configuration: Configuration) -> Credentials:
    return Credentials(configuration.gateway.certificate, configuration.gateway.private_key)


def _disk(configuration: Configuration) -> Finding:
    configuration.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(configuration.data).free
    found = f"{free / (1 << 30):.1f} GiB free at {configuration.data}"
    return Finding("disk", free >= DISK_BYTES, found, "make room, or move [node] data")


def _database(configuration: Configuration) -> Finding:
    database = assembly.open_database(configuration)
    try:
        with database.begin() as connection:
            connection.execute(sa.select(1))
    finally:
        database.close()
    return Finding("database", True, f"{database.url.get_backend_name()}, can be written")


def _kafka(configuration: Configuration) -> Finding:
    from producers.kafka_admin import KafkaAdmin

    settings = assembly.kafka_settings(configuration)
    wanted = (*configuration.topics.all_outbound, *configuration.topics.all_inbound)
    states = asyncio.run(KafkaAdmin(settings).describe(wanted))
    missing = [topic for topic in wanted if topic not in states]
    if missing:
        return Finding(
            "kafka",
            False,
            f"{len(missing)} topics are missing, such as {missing[0]}",
            "`liaison up` makes them, if it may; else have them made by who may",
        )
    return Finding("kafka", True, f"{settings.bootstrap_servers}, {len(states)} topics")


def _node(configuration: Configuration) -> Finding:
    running = Process.read(lifecycle.pid_file(configuration))
    if running is None:
        return Finding("node", False, "it does not run", "start it: `liaison up`")
    parts = lifecycle.readiness(configuration).get("parts", {})
    waiting = sorted(part for part, good in parts.items() if not good)
    if waiting or not parts:
        return Finding(
            "node",
            False,
            f"not ready: {', '.join(waiting) or 'it does not answer'}",
            "wait a moment; if it stays so, see its log",
        )
    return Finding("node", True, f"process {running.pid}, all parts ready")


def _channels(configuration: Configuration) -> Finding:
    database = assembly.open_database(configuration)
    try:
        with database.read() as connection:
            channels = health.channels(connection)
            kept = health.quarantined(connection) + inbox.count_unread(connection)
    finally:
        database.close()
    halted = [channel for channel in channels if channel.halted]
    if halted:
        first = halted[0]
        return Finding(
            "channels",
            False,
            f"the {first.lane.label} lane to {first.peer} is halted: {first.halt}",
            "see `liaison ledger incidents`, mend the cause, then "
            f"`liaison ledger resume {first.peer} {first.lane.label}`",
        )
    queued = sum(channel.queued for channel in channels)
    found = f"{len(channels)} lanes, {queued} deliveries under way"
    if kept:
        found += f"; {kept} items kept back, see `liaison ledger quarantine`"
    return Finding("channels", True, found)


def _matching(configuration: Configuration) -> Finding:
    """Red only where a command mends it: a capped key stays, and verdicts are an officer's."""
    database = assembly.open_database(configuration)
    try:
        with database.read() as connection:
            matched = overview.stats(connection)
            overdue = alerts.count_overdue(connection, time.time_ns() // 1_000_000)
            with overview.reading(connection, configuration.index_home):
                pass
    finally:
        database.close()
    found = f"{matched.subjects} subjects, {matched.links} links"
    if matched.capped:
        found += f"; {matched.capped} keys capped, see `liaison dedup quarantine`"
    if overdue:
        found += f"; {overdue} verdicts overdue, see `liaison alerts list --overdue`"
    if overview.is_replay_due(matched):
        found += f"; made by rules {matched.version}, this release has {EVIDENCE_VERSION}"
        return Finding("matching", False, found, "`liaison dedup replay`")
    return Finding("matching", True, found)


def _peers_and_clock(configuration: Configuration, directory: MemberFile) -> list[Finding]:
    others = [
        member
        for member in directory.members()
        if member.active and member.code != configuration.jurisdiction
    ]
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda member: _peer(configuration, member), others))
    skews = [skew for _, skew in answers if skew is not None]
    clock = _clock(directory, skews, alone=not others)
    return [clock, *(finding for finding, _ in answers)]


def _clock(directory: MemberFile, skews: Sequence[float], *, alone: bool) -> Finding:
    remedy = "set this machine's clock, and have it kept by NTP"
    if directory.document.issued / 1000 > time.time() + CLOCK_S:
        return Finding("clock", False, "it is before the directory was issued", remedy)
    if not skews:
        found = "nobody to compare with" if alone else "no peer answers, so it is not known"
        return Finding("clock", alone, found, "see the peers")
    skew = statistics.median(skews)
    found = f"{abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'} {len(skews)} peers"
    return Finding("clock", abs(skew) <= CLOCK_S, found, remedy)


def _peer(configuration: Configuration, member: Member) -> tuple[Finding, float | None]:
    """The finding about one peer, and by how many seconds its clock is ahead of ours."""
    name = f"peer {member.code}"
    url = urlsplit(member.endpoint)
    try:
        context = trusting(member.certificates, ssl.Purpose.SERVER_AUTH)
        _credentials(configuration).into(context)
        connection = http.client.HTTPSConnection(
            url.hostname or "", url.port or 443, context=context, timeout=PEER_TIMEOUT_S
        )
        connection.request("HEAD", "/")
        date = connection.getresponse().getheader("date")
        connection.close()
    except LiaisonError as error:
        return Finding(name, False, error.problem, error.remedy), None
    except ssl.SSLCertVerificationError:
        return Finding(name, False, "it presents another certificate than listed", _STALE), None
    except ssl.SSLError:
        return Finding(name, False, "it refuses our certificate", _STALE), None
    except (OSError, http.client.HTTPException) as error:
        found = f"{member.endpoint} does not answer: {type(error).__name__}"
        return Finding(name, False, found, _SILENT), None
    skew = parsedate_to_datetime(date).timestamp() - time.time() if date else None
    return Finding(name, True, f"{member.endpoint} answers"), skew
