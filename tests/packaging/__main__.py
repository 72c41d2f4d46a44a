"""The checks that take minutes: `python -m tests.packaging [CHECK...]`. They install from the package registry."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import zipapp
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.packaging.environments import CheckError, VirtualEnvironment, find_python, run
from tests.packaging.project import EXTRAS, PYTHONS
from tests.support.paths import ROOT

# Without what needs further programs, measures, or is about the sources rather than about what they run with.
TESTED = [
    "core",
    "operations",
    "wire",
    "bulk",
    "export",
    "rate_limits",
    "user_tokens",
    "webhooks",
    "workflows",
    "simulator",
]

Check = Callable[[Path, Path], Iterator[str]]


def build(folder: Path, source: Path = ROOT) -> tuple[Path, Path]:
    """Build the wheel and the source distribution."""
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, folder=source)
    (wheel,), (archive,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, archive


def check_distributions(wheel: Path, folder: Path) -> Iterator[str]:
    """Build again, and from the source distribution: the bytes are the same."""
    again, archive = build(folder / "again")
    shutil.unpack_archive(archive, folder)
    from_source, _ = build(folder / "from_source", folder / archive.name.removesuffix(".tar.gz"))
    for other in (again, from_source):
        if other.read_bytes() != wheel.read_bytes():
            raise CheckError(f"{other} differs from {wheel}")
    yield f"{wheel.name} and {archive.name} are reproducible"


def check_extras(wheel: Path, folder: Path) -> Iterator[str]:
    """Install the package without extras, and with each alone."""
    for extra in ["", *EXTRAS]:
        environment = VirtualEnvironment.make(folder / (extra or "none"))
        environment.install(f"knock-sdk[{extra}] @ {wheel.as_uri()}")
        yield environment.use(*filter(None, [extra]))


def check_lowest(wheel: Path, folder: Path) -> Iterator[str]:
    """Install the lowest versions of all dependencies, on the oldest Python that is here, and run tests with them."""
    version, python = next((version, found) for version in PYTHONS if (found := find_python(version)))
    pins = folder / "lowest.txt"
    extras = [argument for extra in EXTRAS for argument in ("--extra", extra)]
    lowest = ("--resolution", "lowest-direct", "--python-version", version)
    run(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "pyproject.toml", *extras, *lowest, "-o", pins)
    environment = VirtualEnvironment.make(folder / "used", python)
    environment.install(f"knock-sdk[{','.join(EXTRAS)}] @ {wheel.as_uri()}", "--constraints", pins)
    yield environment.use(*EXTRAS)
    tested = VirtualEnvironment.make(folder / "tested", python)
    uv = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", tested.python)
    run(*uv, "--editable", ".[dev]", "--overrides", pins)  # tools of tests may ask for more
    printed = run(tested.python, "-m", "pytest", "-p", "no:cacheprovider", *(f"tests/{name}" for name in TESTED))
    yield f"lowest versions on Python {version}: {printed.splitlines()[-1]}"


def check_newest(wheel: Path, folder: Path) -> Iterator[str]:
    """Install the newest versions of all dependencies, on each Python that is here."""
    for version in PYTHONS:
        if (python := find_python(version)) is None:
            yield f"there is no Python {version} here"
            continue
        environment = VirtualEnvironment.make(folder / version, python)
        environment.install(f"knock-sdk[{','.join(EXTRAS)}] @ {wheel.as_uri()}", "--upgrade")
        yield environment.use(*EXTRAS)


def check_archives(wheel: Path, folder: Path) -> Iterator[str]:
    """Put the package and a program in a single file: a zip that Python runs, and a program of PyInstaller."""
    environment = VirtualEnvironment.make(folder / "environment")
    environment.install(f"knock-sdk[{','.join(EXTRAS)}] @ {wheel.as_uri()}", "pyinstaller")
    program = folder / "program" / "__main__.py"
    program.parent.mkdir()
    shutil.copy(ROOT / "tests" / "packaging" / "smoke.py", program)
    pyinstaller = (environment.python, "-m", "PyInstaller", "--onefile", "--log-level", "ERROR", "--name", "smoke")
    run(*pyinstaller, "--exclude-module", "pyarrow", program, folder=folder)  # which takes most of the time
    frozen = [extra for extra in EXTRAS if extra not in ("parquet", "codegen", "cli")]  # the others start Python
    yield f"PyInstaller: {run(folder / 'dist' / 'smoke', *frozen, folder=folder).splitlines()[-1]}"
    run(sys.executable, "-m", "uv", "pip", "uninstall", "--quiet", "--python", environment.python, "knock-sdk")
    shutil.unpack_archive(wheel, program.parent, "zip")
    zipapp.create_archive(program.parent, folder / "smoke.pyz")
    # What starts another Python would not find the package there.
    zipped = [extra for extra in EXTRAS if extra not in ("simulator", "codegen", "cli")]
    yield f"zip: {run(environment.python, folder / 'smoke.pyz', *zipped, folder=folder).splitlines()[-1]}"


CHECKS: dict[str, Check] = {
    "distributions": check_distributions,
    "extras": check_extras,
    "lowest": check_lowest,
    "newest": check_newest,
    "archives": check_archives,
}


def main() -> None:
    """Run the checks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.packaging", description="Run the slow checks of packaging.")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"one of {', '.join(CHECKS)}; all if there is none")
    chosen = parser.parse_args().checks or list(CHECKS)
    if unknown := set(chosen) - set(CHECKS):
        parser.error(f"there is no check {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
    with tempfile.TemporaryDirectory() as place:
        wheel, _ = build(Path(place) / "dist")
        for name in chosen:
            folder = Path(place) / name
            folder.mkdir()
            started = time.monotonic()
            print(f"== {name}", flush=True)
            try:
                for line in CHECKS[name](wheel, folder):
                    print(line, flush=True)
            except CheckError as error:
                raise SystemExit(f"{name}: {error}") from None
            print(f"   {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
