"""What every command is handed: the node it is about, opened when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from liaison.configuration import Configuration
    from producers.database import Database


class Node:
    """The node a command is about. Opens nothing until it is asked to."""

    def __init__(self, config: Path | None) -> None:
        self.config = config
        self._database: Database | None = None

    @cached_property
    def configuration(self) -> Configuration:
        """The node's configuration; raises :class:`~schemas.errors.ConfigurationInvalid`."""
        from liaison.configuration import load

        return load(self.config)

    def database(self) -> Database:
        """The node's database, its tables made; closed when the command ends."""
        if self._database is None:
            from liaison.assembly import open_database

            self._database = open_database(self.configuration)
        return self._database

    def close(self) -> None:
        """Lets go of the database."""
        if self._database is not None:
            self._database.close()
            self._database = None


pass_node = click.make_pass_decorator(Node)
