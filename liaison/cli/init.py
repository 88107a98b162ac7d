"""``liaison init``: sets up a node."""

from __future__ import annotations

from pathlib import Path

import click

from liaison.cli.context import Node, pass_node
from liaison.cli.output import emit, output_option, say


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--jurisdiction", metavar="CODE", help="Your code, such as FR.")
@click.option("--unit", help="The unit on duty: a function, never a person.")
@click.option("--email", help="Its functional mailbox.")
@click.option("--phone", help="Its telephone, with country code.")
@click.option("--name", help="Name of the contact point, for people.")
@click.option("--hub", is_flag=True, help="Ask to be a hub, too.")
@click.option("--listen", metavar="HOST:PORT", help="What the gateway binds.")
@click.option("--public-url", metavar="URL", help="The https:// address peers use.")
@click.option("--bootstrap-servers", metavar="HOST:PORT,…", help="A Kafka of your own.")
@click.option("--topic-prefix", help="What the names of all topics begin with.")
@click.option("--tls-request", is_flag=True, help="Write a request for an authority, tls.csr.")
@output_option
@pass_node
def init(
    node: Node, /, directory: Path | None, tls_request: bool, output: str, **given: str
) -> None:
    """Set up a node in DIRECTORY (default: here), or finish what is missing.

    Writes liaison.toml, keys, a TLS certificate (or a request for one) and member-request.json,
    which goes to the federation. What exists stays; keys are never replaced.
    """
    from liaison import setup

    path = _path(node, directory)
    if path.exists() and any(given.values()):
        say(f"warning: {path} exists and stays as it is: change it by hand, then `liaison init`")
    configuration = setup.write_configuration(path, _chosen(given))
    written = setup.make_keys(configuration, tls_request=tls_request)
    if configuration.gateway.certificate.exists():
        written.append(setup.write_member_request(configuration))
        say("next: send member-request.json to the federation; when it has admitted you, put its")
        say("directory.json and federation-root.json beside liaison.toml, then: liaison doctor")
    else:
        say(f"next: have tls.csr answered, save that as {configuration.gateway.certificate},")
        say("and run `liaison init` again")
    files = [str(path) for path in (configuration.path, configuration.keys, *written)]
    emit({"config": files[0], "keys": files[1], "written": files[2:]}, output)


def _path(node: Node, directory: Path | None) -> Path:
    from liaison.configuration import FILE_NAME

    if directory is not None:
        return directory / FILE_NAME
    given = node.config or Path(FILE_NAME)
    return given / FILE_NAME if given.is_dir() else given


def _chosen(given: dict[str, str]) -> dict[str, dict[str, object]]:
    return {
        "node": {
            "jurisdiction": given["jurisdiction"],
            "name": given["name"],
            "roles": ["contact-point", "hub"] if given["hub"] else None,
        },
        "contact": {key: given[key] for key in ("unit", "email", "phone")},
        "gateway": {key: given[key] for key in ("listen", "public_url")},
        "kafka": {key: given[key] for key in ("bootstrap_servers", "topic_prefix")},
    }
