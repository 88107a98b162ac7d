"""The command line: ``liaison [--config PATH] noun verb``.

Nouns are loaded when they are used, so that ``--help`` is quick and a broken part does not take
the others down. Every error of the product becomes an exit code here, and only here.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, NoReturn

import click

from liaison.cli.context import Node
from schemas.errors import (
    ConfigurationInvalid,
    InputRefused,
    LiaisonError,
    PolicyRefused,
    Unreachable,
    VerificationFailed,
)

NOUNS = {
    "publish": "Send case notifications from files or standard input.",
    "cancel": "Withdraw a case that was published.",
    "refused": "Records that were refused, and sending them again.",
    "cases": "Everything sent and received.",
    "deliveries": "Who got what, and who has not yet.",
    "ledger": "Check the chains of blocks and receipts.",
    "alerts": "Matches with cases elsewhere, and verdicts on them.",
    "dedup": "The matching engine behind the alerts.",
    "briefing": "Papers for an operational meeting.",
    "demo": "Run a federation of four on this machine and show what it does.",
    "sandbox": "A federation on this machine to develop against.",
    "init": "Set up a node: configuration, keys, request to join.",
    "up": "Start this node.",
    "down": "Stop this node.",
    "status": "What this node is doing.",
    "doctor": "Check everything this node needs, with the remedy.",
    "federation": "The signed directory of members.",
    "bench": "Measure this machine.",
}
"""Every noun and its one line; ``liaison/cli/<noun>.py`` has a command of the same name."""

EXIT_CODES: tuple[tuple[type[LiaisonError], int], ...] = (
    (InputRefused, 2),
    (ConfigurationInvalid, 3),
    (Unreachable, 4),
    (PolicyRefused, 5),
    (VerificationFailed, 6),
    (LiaisonError, 1),
)


def exit_code(error: LiaisonError) -> int:
    """The exit code that tells a script what kind of error it was."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


class _Shown(click.ClickException):
    """A :class:`~schemas.errors.LiaisonError` as click shows errors."""

    def __init__(self, error: LiaisonError) -> None:
        text = f"{error.problem}\n  what to do: {error.remedy}" if error.remedy else error.problem
        super().__init__(text)
        self.exit_code = exit_code(error)  # type: ignore[misc]


class _Nouns(click.Group):
    """A group that imports a noun when it is called."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(NOUNS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in NOUNS:
            return None
        command: click.Command = getattr(importlib.import_module(f"liaison.cli.{name}"), name)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Nouns"):
            formatter.write_dl(list(NOUNS.items()))

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except LiaisonError as error:
            raise _Shown(error) from error


@click.group(cls=_Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="LIAISON_CONFIG",
    help="The node's configuration file, or its directory.",
)
@click.version_option(package_name="liaison-bus", prog_name="liaison")
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Cross-border liaison bus for police units that protect children.

    Exit codes: 0 ok, 1 failed, 2 usage, 3 configuration, 4 unreachable, 5 refused by policy,
    6 verification failed.
    """
    context.obj = Node(config)
    context.call_on_close(context.obj.close)


def main() -> NoReturn:
    """The entry point ``liaison``."""
    cli(prog_name="liaison")
    raise SystemExit(0)
