"""``liaison federation``: the signed directory of members."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, say

if TYPE_CHECKING:
    from gateway.directory import Document

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
home_argument = click.argument("home", type=click.Path(file_okay=False, path_type=Path))
days_option = click.option(
    "--days",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    help="Days until it must be signed again.",
)


@click.group()
def federation() -> None:
    """The signed directory of members.

    create, admit and sign are for those who hold the federation's root key; request is for a
    node that joins or has new keys; show is for everybody.
    """


@federation.command()
@home_argument
@days_option
def create(home: Path, days: int) -> None:
    """Make a federation in HOME: its root key and an empty directory."""
    from liaison.federation import create as make

    make(home, days=days)
    say(f"{home}: keep root-key.json in a safe; give every node federation-root.json")


@federation.command()
@home_argument
@click.argument("requests", nargs=-1, required=True, type=EXISTING)
@click.option("--hub", "hubs", multiple=True, metavar="CODE", help="This member may be a hub.")
@click.option("--replace-keys", is_flag=True, help="The member lost its keys; you have checked.")
@days_option
@output_option
def admit(
    home: Path,
    requests: tuple[Path, ...],
    hubs: tuple[str, ...],
    replace_keys: bool,
    days: int,
    output: str,
) -> None:
    """Add members by their REQUESTS to the directory in HOME, or renew their keys.

    Compare the digests shown with the members by another way (telephone) before you hand the
    directory out.
    """
    import hashlib

    from liaison.federation import admit as admitted
    from liaison.federation import change

    def edit(document: Document) -> Document:
        for path in requests:
            data = path.read_bytes()
            say(f"{path}: SHA-256 {hashlib.sha256(data).hexdigest()}")
            document = admitted(document, data, hubs=frozenset(hubs), replace_keys=replace_keys)
        return document

    _show(change(home, edit, days=days), output)


@federation.command()
@home_argument
@click.option("--suspend", "suspended", multiple=True, metavar="CODE")
@click.option("--reinstate", "reinstated", multiple=True, metavar="CODE")
@click.option("--remove", "removed", multiple=True, metavar="CODE")
@click.option("--circle", "circles", multiple=True, metavar="NAME=CODE,…", help="Set a circle.")
@days_option
@output_option
def sign(
    home: Path,
    suspended: tuple[str, ...],
    reinstated: tuple[str, ...],
    removed: tuple[str, ...],
    circles: tuple[str, ...],
    days: int,
    output: str,
) -> None:
    """Sign the directory in HOME afresh, with the changes asked for."""
    from liaison.federation import change, set_status
    from schemas.members import MemberStatus

    def edit(document: Document) -> Document:
        for code in suspended:
            document = set_status(document, code, MemberStatus.SUSPENDED)
        for code in reinstated:
            document = set_status(document, code, MemberStatus.ACTIVE)
        return _with_circles(_without(document, removed), circles)

    _show(change(home, edit, days=days), output)


@federation.command()
@click.option("--new-keys", is_flag=True, help="Make a new generation of keys first.")
@pass_node
def request(node: Node, new_keys: bool) -> None:
    """Write this node's member-request.json, to join or after keys changed.

    New keys are used once the directory lists them; the old ones stay until it no longer does.
    """
    from liaison.keys import Keyring
    from liaison.setup import write_member_request

    if new_keys:
        Keyring.rotate(node.configuration.keys)
    click.echo(str(write_member_request(node.configuration)))


@federation.command()
@output_option
@pass_node
def show(node: Node, output: str) -> None:
    """The members that this node's directory lists, after verifying it."""
    from liaison.assembly import open_directory

    _show(open_directory(node.configuration).document, output)


def _without(document: Document, removed: tuple[str, ...]) -> Document:
    return replace(
        document,
        members=tuple(member for member in document.members if member.code not in removed),
        circles={name: codes - set(removed) for name, codes in document.circles.items()},
    )


def _with_circles(document: Document, circles: tuple[str, ...]) -> Document:
    named = dict(document.circles)
    for text in circles:
        name, found, codes = text.partition("=")
        if not found or not name:
            raise click.BadParameter("NAME=CODE,CODE is expected", param_hint="--circle")
        named[name] = frozenset(code for code in codes.split(",") if code)
        if not named[name]:
            del named[name]
    return replace(document, circles=named)


def _show(document: Document, output: str) -> None:
    from gateway.documents import write_instant
    from liaison.federation import describe

    say(f"directory version {document.version}, expires {write_instant(document.expires)}")
    emit(describe(document), output)
