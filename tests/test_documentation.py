"""The documents are true where a machine can tell: commands, links, lists."""

import re
import shlex
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gateway.ledger.deliveries import Status
from liaison.cli import NOUNS, cli
from liaison.settings import SECTIONS, Setting

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "schemas").rglob("*.md")]
)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def commands(page: Path) -> Iterator[str]:
    """Every command in the fences and code spans of ``page``, one line each."""
    text = page.read_text("utf-8")
    for _, block in FENCE.findall(text):
        yield from re.sub(r"\\\n\s*", " ", block).splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def calls(program: str) -> list[tuple[str, str]]:
    """Page and arguments of each call of ``program`` in the documents."""
    pattern = re.compile(rf"^(?:\$ |[A-Z_]+=\S+ |\.venv/bin/)*{program} (.+)$")
    return [
        (str(page.relative_to(ROOT)), match[1])
        for page in PAGES
        for line in commands(page)
        if (match := pattern.match(line.strip()))
    ]


def words(line: str) -> list[str]:
    """The words of a command line, up to what the shell does with its output."""
    plain = re.split(r"\s(?:[|>;&]|2>|<)\s?|\s#\s", line.replace("…", " "))[0]
    return shlex.split(re.sub(r"[\[\]]", " ", plain))


def resolve(arguments: list[str]) -> Iterator[tuple[click.Command, list[str]]]:
    """The command that ``arguments`` name, for each alternative (``list|show``), with the rest."""
    found: list[tuple[click.Command, list[str]]] = [(cli, arguments)]
    while found:
        command, rest = found.pop()
        position = next((i for i, w in enumerate(rest) if _is_name(rest, i)), None)
        if not isinstance(command, click.Group) or position is None:
            yield command, rest
            continue
        for name in rest[position].split("|"):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None, f"there is no {name}"
            found.append((inner, rest[:position] + rest[position + 1 :]))


def _is_name(rest: list[str], index: int) -> bool:
    """Whether the word is a noun or verb: no option, nor the value of --config."""
    return not rest[index].startswith("-") and rest[index - 1 : index] != ["--config"]


def remedies() -> list[tuple[str, str]]:
    """Module and arguments of each command that the program itself tells people to use."""
    return [
        (str(module.relative_to(ROOT)), re.sub(r"\{[^}]*\}", "X", match[1]))
        for package in ("schemas", "producers", "consumers", "gateway", "liaison")
        for module in sorted((ROOT / package).rglob("*.py"))
        for span in SPAN.findall(module.read_text("utf-8"))
        if (match := re.match(r"liaison ([a-z].*)$", span))
    ]


@pytest.mark.parametrize(("page", "line"), [*calls("liaison"), *remedies()])
def test_commands_exist(page: str, line: str) -> None:
    """A command in the documents or a message exists, has a help page, and the options shown."""
    for command, rest in resolve(words(line)):
        known = {o for p in (*command.params, *cli.params) for o in (*p.opts, *p.secondary_opts)}
        for word in rest:
            if word.startswith("-") and word != "-":
                assert word.partition("=")[0] in known | {"--help", "-h", "--version"}
        assert command.get_help(click.Context(command, info_name="liaison"))


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_loads(noun: str) -> None:
    """Every noun that the help lists can be loaded, and explains itself and all its verbs."""
    command = cli.get_command(click.Context(cli), noun)
    assert command is not None
    assert command.help
    for verb in command.commands.values() if isinstance(command, click.Group) else ():
        assert verb.help


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_documented(noun: str) -> None:
    """Every noun is shown in use somewhere."""
    assert any(words(line)[:1] == [noun] or f" {noun} " in line for _, line in calls("liaison"))


@pytest.mark.parametrize(("page", "line"), calls("make"))
def test_make_targets_exist(page: str, line: str) -> None:
    """A make target in the documents is one of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert {word for word in words(line) if "=" not in word} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page: Path) -> None:
    """Every relative link leads to a file, and every fragment to a heading of it."""
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        address = urllib.parse.urlsplit(target)
        if address.scheme:
            continue
        linked = (page.parent / urllib.parse.unquote(address.path)) if address.path else page
        assert linked.exists(), target
        if address.fragment:
            assert address.fragment in _anchors(linked), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_exist(page: Path) -> None:
    """A file of the project that a page names in code is there."""
    tops = ("schemas/", "producers/", "consumers/", "gateway/", "liaison/", "docs/", "tests/")
    for span in SPAN.findall(FENCE.sub("", page.read_text("utf-8"))):
        if span.startswith(tops) and re.fullmatch(r"[\w/.-]+(/|\.\w+)", span):
            assert (ROOT / span).exists(), span


def test_every_setting_is_documented() -> None:
    """The table of the configuration is the program's own, with defaults and meanings."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = [
        f"| `{section}` | `{key}` | {_default(setting)} | {setting.meaning} |"
        for section, settings in SECTIONS.items()
        for key, setting in settings.items()
    ]
    start = page.index(rows[0])
    assert page[start:].startswith("\n".join(rows) + "\n\n")


def test_every_state_is_documented() -> None:
    """Every state of a delivery has a line that says what it means and what to do."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    documented = re.findall(r"^\| `([a-z]+)` \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE)
    assert {status.value for status in Status} == set(documented)


def test_decisions_are_listed() -> None:
    """Every decision record is in the list, by its number and title, and says what is bad."""
    directory = ROOT / "docs" / "decisions"
    listed = (directory / "README.md").read_text("utf-8")
    records = sorted(path for path in directory.glob("*.md") if path.name != "README.md")
    assert [path.name[:4] for path in records] == [f"{n + 1:04}" for n in range(len(records))]
    for path in records:
        text = path.read_text("utf-8")
        number, _, title = text.splitlines()[0].removeprefix("# ").partition(" ")
        assert number == path.name[:4]
        assert f"| {number} | [{title}]({path.name}) |" in listed
        assert "**Bad.**" in text


def test_changelog() -> None:
    """The newest version in the changelog is the one in pyproject.toml."""
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", changes, re.MULTILINE)
    assert version is not None
    assert versions[0] == version[1]


def _default(setting: Setting) -> str:
    if setting.default is None:
        return "required"
    shown = ", ".join(setting.default) if isinstance(setting.default, list) else setting.default
    return "" if shown == "" else f"`{shown}`"


def _anchors(page: Path) -> set[str]:
    """The fragments of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
