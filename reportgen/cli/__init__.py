"""The command line, in Chinese."""

from reportgen.cli.main import cli, main

__all__ = ["cli", "main"]
