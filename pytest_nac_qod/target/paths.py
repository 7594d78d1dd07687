"""What is wrong with the files that a target file names: every problem as one line, with its key and what to do."""

import ssl
from collections.abc import Iterator
from pathlib import Path

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.target.assertions import KeyFileError, algorithms
from pytest_nac_qod.wire import certificates as sink_files

MISSING = "no such file; give a path relative to the target file"


def file_problems(content: JsonObject, folder: Path) -> list[str]:
    """Each problem as `key: file: what is wrong; what to do`.

    Args:
        content: a parsed target file, of whatever shape.
        folder: that it is in.
    """
    problems = list(_authority(content, folder))
    tokens = content.get("tokens")
    for role, entry in tokens.items() if isinstance(tokens, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("private_key"), str):
            problems += [f"tokens.{role}.{problem}" for problem in _private_key(entry, folder)]
    sink = content.get("sink")
    texts = (*sink_files.NAMES, "url", "host")
    if isinstance(sink, dict) and all(isinstance(sink.get(name, ""), str) for name in texts):
        problems += sink_files.problems(sink, folder)
    return problems


def _authority(content: JsonObject, folder: Path) -> Iterator[str]:
    if not isinstance(content.get("ca_file", ""), str) or "ca_file" not in content:
        return
    about = f"ca_file: {content['ca_file']}"
    if not _is_there(content, "ca_file", folder):
        yield f"{about}: {MISSING}"
        return
    try:
        ssl.create_default_context(cafile=folder / content["ca_file"])
    except (OSError, ValueError) as error:  # an ssl.SSLError, or an empty file
        why = error.strerror if isinstance(error, PermissionError) else "no certificate in PEM format"
        yield f"{about}: {why}; give the certificate of the authority of the deployment"


def _is_there(section: JsonObject, key: str, folder: Path) -> bool:
    try:
        return key not in section or (folder / str(section[key])).is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _private_key(entry: JsonObject, folder: Path) -> Iterator[str]:
    about = f"private_key: {entry['private_key']}"
    if not _is_there(entry, "private_key", folder):
        yield f"{about}: {MISSING}"
        return
    try:
        usable = algorithms((folder / entry["private_key"]).read_text(encoding="ascii"))
    except KeyFileError as error:
        yield f"{about}: {error}"
    except UnicodeDecodeError:
        yield f"{about}: not a private key in PEM format; give the client's private key"
    except OSError as error:
        yield f"{about}: cannot be read: {error.strerror}"
    else:
        if entry.get("algorithm", usable[0]) not in usable:
            yield f"algorithm: {entry['algorithm']} is not for the key in {entry['private_key']}; give {_any(usable)}"


def _any(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
