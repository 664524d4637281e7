"""What handlers/routes.py says, read from its source: the commands and the verbs of the buttons."""

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "handlers" / "routes.py"


def _first_arguments(function: str) -> list[str]:
    """The first argument of every such line of the table; of an f-string what stands before {."""
    found = []
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function:
            argument = node.args[0]
            first = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
            assert isinstance(first, ast.Constant)
            found.append(str(first.value))
    return found


COMMANDS = _first_arguments("command")
VERBS = [found[0] for text in _first_arguments("button") if (found := re.match(r"[a-z_]+", text))]
