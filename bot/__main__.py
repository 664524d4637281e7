"""The command line: telekonsul …"""


def main() -> int:
    """Run one command; 0 all well, 1 it did not work, 2 it was called wrongly."""
    return 2
