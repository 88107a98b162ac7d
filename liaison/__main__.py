"""``python -m liaison``: the command line, also where no script was installed."""

from liaison.cli import main

main()
