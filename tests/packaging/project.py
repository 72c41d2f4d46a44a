"""What pyproject.toml says of the project."""

from __future__ import annotations

import re
import sys
from typing import Any

from tests.support.paths import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = {
    name: requirements
    for name, requirements in PROJECT["optional-dependencies"].items()
    if name not in ("dev", "docs")  # for work on this project
}
"""What each extra of the package needs."""
PYTHONS: list[str] = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", text)]
"""The supported versions of Python, the oldest first."""
