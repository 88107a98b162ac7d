"""``liaison sandbox``: a federation on this machine to develop against."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from liaison.cli.output import emit, output_option, say

F = TypeVar("F", bound=Callable[..., Any])


def dir_option(command: F) -> F:
    """``--dir DIR``."""
    return click.option(
        "--dir",
        "home",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("sandbox"),
        show_default="./sandbox",
        envvar="LIAISON_SANDBOX",
        help="Where it lives.",
    )(command)


@click.group()
def sandbox() -> None:
    """A federation on this machine to develop against: real nodes on one real Kafka.

    A member is an ordinary node: liaison --config DIR/FR/liaison.toml publish FILE
    """


@sandbox.command()
@dir_option
@click.option("--members", default="FR,DE,PH,XI", show_default=True, help="Codes of the members.")
@click.option("--hub", help="The member that is the hub.  [default: XI, if it is a member]")
@output_option
def up(home: Path, members: str, hub: str | None, output: str) -> None:
    """Start it detached, and return when every part is ready."""
    from liaison.sandbox import HUB, Sandbox

    say(f"starting the sandbox in {home} …")
    codes = [code.strip() for code in members.split(",") if code.strip()]
    if hub is None:
        hub = HUB if HUB in codes else ""
    try:
        _show(Sandbox(home).up(codes, hub), output)
    except KeyboardInterrupt:
        where = shlex.quote(str(home))
        say(f"interrupted: `liaison sandbox down --dir {where}` stops what was started")
        raise


@sandbox.command()
@dir_option
@output_option
def status(home: Path, output: str) -> None:
    """What runs: the same object that `up` gives. Exit 4 if the sandbox does not run."""
    from liaison.sandbox import Sandbox

    found = Sandbox(home)
    _show(found.state(), output)
    if found.supervisor is None:
        say("warning: nothing keeps its parts alive any more; `liaison sandbox up` does so again")


@sandbox.command()
@dir_option
@click.option("--purge", is_flag=True, help="Remove its files, too.")
@output_option
def down(home: Path, purge: bool, output: str) -> None:
    """Stop every part of it. Does nothing when it does not run."""
    from liaison.sandbox import Sandbox

    Sandbox(home).down(purge=purge)
    say(f"the sandbox in {home} is down{' and gone' if purge else ''}")
    if output != "table":
        emit({"running": False, "purged": purge}, output)


def _show(state: dict[str, Any], output: str) -> None:
    if output != "table":
        emit(state, output)
        return
    say(f"Kafka at {state['kafka']} (process {state['broker_pid']})")
    emit([{"member": code, **member} for code, member in state["members"].items()], output)
