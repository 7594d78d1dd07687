"""Documents of the project that stand outside the documentation."""

import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
_NAMES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


def pages() -> Mapping[str, str]:
    """Each document by the name of its page, its links as they are from there."""
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in _NAMES if (ROOT / name).exists()}
    return {f"project/{name.lower()}": linked(text) for name, text in texts.items()}


def linked(text: str, up: str = "..") -> str:
    """Links to these documents, and to what stands in `docs`, as links between pages; `up` leads to `docs`."""
    for name in _NAMES:
        text = re.sub(rf"\]\((?:\.\./)*{name}\)", f"]({up}/project/{name.lower()})", text)
    return text.replace("](docs/", f"]({up}/")
