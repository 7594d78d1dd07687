"""The base of all errors that a command turns into a line and exit status 2; stdlib only."""


class UnusableError(Exception):
    """What the user gave cannot be used; a line for each problem, which names file, key or option and what to do."""


def reason(error: OSError) -> str:
    """What the operating system says, without its number and the path."""
    return error.strerror or str(error)
