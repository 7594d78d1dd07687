"""What the plugin and the command cost before anything is sent: medians of several starts.

python -m bench.startup
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROUNDS = 7
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


def seconds(command: tuple[str, ...], folder: Path) -> float:
    """The median of some starts of a Python command."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=folder, check=True, capture_output=True, timeout=120)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def main() -> None:
    """Measure and print; the ratio of a pytest run with the plugin to one without comes last."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_nothing.py").write_text("def test_nothing() -> None:\n    pass\n", encoding="utf-8")
        bare = seconds((*_PYTEST, "-p", "no:nac_qod"), folder)
        plugin = seconds(_PYTEST, folder)
        print(f"nac-qod --help: {seconds(('-m', 'pytest_nac_qod', '--help'), folder) * 1000:.0f} ms")
        print(f"nac-qod check --list: {seconds(('-m', 'pytest_nac_qod', 'check', '--list'), folder) * 1000:.0f} ms")
        print(f"pytest on one empty test: {bare * 1000:.0f} ms without the plugin, {plugin * 1000:.0f} ms with it")
        print(f"ratio: {plugin / bare:.2f}")


if __name__ == "__main__":
    main()
