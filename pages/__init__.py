"""Pages of the documentation that are made from the code, when Sphinx begins: `docs/conf.py` calls `write`."""

from pathlib import Path

from pages import project, reference, rows, schemas


def write(folder: Path, *, shown: bool = True) -> None:
    """Write every page that is made from the code into `folder`, where it differs from what is there.

    Args:
        folder: of the documentation.
        shown: run the fault of each row, to show what a breach looks like.
    """
    pages = {**reference.pages(), **schemas.pages(), **rows.pages(shown=shown), **project.pages()}
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:  # or Sphinx would read it again
            path.write_text(text, encoding="utf-8")
    for made in {(folder / name).parent for name in pages}:
        for path in made.glob("*.md"):
            if path.relative_to(folder).as_posix() not in pages:
                path.unlink()  # of a row that there is no more
