"""What is published of each release, for tests that count or compare it."""

import tomllib
from pathlib import Path

_MANIFEST = tomllib.loads((Path(__file__).parent.parent / "manifest.toml").read_text(encoding="utf-8"))
RELEASES: tuple[str, ...] = tuple(_MANIFEST)
COVERED: dict[str, tuple[int, int]] = {name: (entry["scenarios"], entry["cases"]) for name, entry in _MANIFEST.items()}
"""Scenarios, and cases once outlines are expanded, of all APIs."""
SHA256: dict[tuple[str, str], str] = {
    (name, api): checksum for name, entry in _MANIFEST.items() for api, checksum in entry["documents"].items()
}
