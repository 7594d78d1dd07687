"""How the sources are cut: small modules, small functions, few of them in one place."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("pytest_nac_qod", "conformance", "tests", "bench", "pages")
LARGE = ("pytest_nac_qod/reference", "pytest_nac_qod/strategies", "conformance")  # as many as there are subjects


def modules(*folders: str) -> list[Path]:
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in paths if "node_modules" not in path.parts)


def test_few_modules_stand_at_the_root() -> None:
    assert len(list((ROOT / "pytest_nac_qod").glob("*.py"))) <= 8


def test_packages_are_small() -> None:
    counted = Counter(path.parent.as_posix() for path in modules("pytest_nac_qod"))
    assert {folder: count for folder, count in counted.items() if count > 15 and folder not in LARGE} == {}


def test_modules_are_short() -> None:
    lengths = {path.as_posix(): len((ROOT / path).read_text("utf-8").splitlines()) for path in modules(*FOLDERS)}
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_functions_are_short() -> None:
    lengths = {f"{path}:{name}": length for path in modules(*FOLDERS) for name, length in functions(path)}
    assert {place: length for place, length in lengths.items() if length > 40} == {}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, decorators and docstring not counted."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def test_a_name_stands_for_one_class() -> None:
    names = Counter(
        node.name
        for path in modules("pytest_nac_qod")
        for node in ast.parse((ROOT / path).read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_no_release_is_named_in_code() -> None:
    """What differs between releases is data; a name in code would have to be found again for each new one."""
    named = re.compile(r"\br\d+\.\d+\b")
    told = {
        f"{path}:{number}": line.strip()
        for path in modules("pytest_nac_qod", "conformance")
        for number, line in enumerate((ROOT / path).read_text("utf-8").splitlines(), 1)
        if named.search(line) and not line.startswith("EXAMPLE = ")  # of a command's help
    }
    assert told == {}
