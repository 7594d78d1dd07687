"""Sphinx reads this: the documentation, with pages that are made from the code."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import pages  # noqa: E402 - found by the line above
from pages.project import linked  # noqa: E402

project = "pytest-nac-qod"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "pytest-nac-qod"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
exclude_patterns = ["static"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nitpicky = True

pages.write(HERE, shown=os.environ.get("QOD_DOCS_SAMPLES") != "0")


def setup(app):
    """Let links to documents outside of this folder lead to their pages."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read(_app, name, source):
    source[0] = linked(source[0], ".." if "/" in name else ".")
