"""Files: which are found, how they are read, and how they are written back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from knock_sdk.errors import ConfigurationError
from knock_sdk.migrate import migrate_paths, migrate_source

OLD = 'from knockapi import Knock\n\nKnock("sk_test_1").users.get_user("ada")\n'
NEW = 'from knock_sdk import Knock\n\nKnock(api_key="sk_test_1").users.get("ada")\n'


def write(path: Path, content: str | bytes = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_nothing_is_written_unless_asked_for(tmp_path: Path) -> None:
    file = write(tmp_path / "app.py")
    report = migrate_paths([tmp_path])
    assert file.read_text() == OLD
    assert [each.written for each in report.files] == [False]
    assert report.changed == report.files
    assert report.diff == (
        f"--- a/{str(file).lstrip('/')}\n+++ b/{str(file).lstrip('/')}\n@@ -1,3 +1,3 @@\n"
        '-from knockapi import Knock\n+from knock_sdk import Knock\n \n-Knock("sk_test_1").users.get_user("ada")\n'
        '+Knock(api_key="sk_test_1").users.get("ada")\n'
    )
    report = migrate_paths([str(tmp_path)], write=True)
    assert [each.written for each in report.files] == [True]
    assert file.read_text() == NEW
    assert list(tmp_path.iterdir()) == [file]
    again = migrate_paths([tmp_path], write=True)
    assert again.changed == ()
    assert again.diff == ""
    assert again.counts["calls"].right == 2


def test_folders_are_searched_but_not_those_of_others(tmp_path: Path) -> None:
    found = [write(tmp_path / name) for name in ("a.py", "b/c/d.py", "stubs/e.pyi", "f.pyw", "build/g.py", "venv.py")]
    for name in (
        ".venv/a.py",
        "env/lib/a.py",
        "node_modules/x/a.py",
        ".git/a.py",
        "x/site-packages/a.py",
        "a.txt",
        "b",
    ):
        write(tmp_path / name) if name != "b" else None
    write(tmp_path / "env" / "pyvenv.cfg", "")
    write(tmp_path / "other.py", "import os\n")
    report = migrate_paths([tmp_path])
    assert sorted(each.path for each in report.files) == sorted(map(str, found))
    assert report.looked_at == len(found) + 1


def test_a_file_that_is_named_is_migrated_wherever_it_is(tmp_path: Path) -> None:
    file = write(tmp_path / ".hidden" / "node_modules" / "app.py")
    assert [each.path for each in migrate_paths([file, file, str(file)]).files] == [str(file)]


def test_a_path_that_cannot_be_migrated_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.py: does not exist"):
        migrate_paths([tmp_path / "nowhere.py"])
    with pytest.raises(ValueError, match=r"notes\.txt: is no Python source; name files that end in \.py, "):
        migrate_paths([write(tmp_path / "notes.txt")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD.encode("utf-8-sig"), NEW.encode("utf-8-sig")),
        (OLD.replace("\n", "\r\n").encode(), NEW.replace("\n", "\r\n").encode()),
        (OLD.replace("\n", "\r").encode(), NEW.replace("\n", "\r").encode()),
        (OLD.rstrip().encode(), NEW.rstrip().encode()),
        (b"# -*- coding: latin-1 -*-\n# \xe9\n" + OLD.encode(), b"# -*- coding: latin-1 -*-\n# \xe9\n" + NEW.encode()),
        ("# vim: set fileencoding=cp1251 :\n# имя\n".encode("cp1251") + OLD.encode(),
         "# vim: set fileencoding=cp1251 :\n# имя\n".encode("cp1251") + NEW.encode()),
        (f"# 名前 🦕\n{OLD}".encode(), f"# 名前 🦕\n{NEW}".encode()),
        (OLD.replace("\n\n", "\n\n\t\n \f\n").encode(), NEW.replace("\n\n", "\n\n\t\n \f\n").encode()),
        (b"# one\r\n" + OLD.encode(), b"# one\r\n" + NEW.encode()),
    ],
    ids=["mark", "crlf", "cr", "no end", "latin-1", "cp1251", "utf-8", "whitespace", "mixed"],
)  # fmt: skip
def test_bytes_that_do_not_change_stay(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = write(tmp_path / "app.py", before)
    report = migrate_paths([tmp_path], write=True)
    assert report.findings == ()
    assert file.read_bytes() == after


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"# -*- coding: nonsense -*-\nimport knockapi\n", "cannot be decoded: unknown encoding"),
        (b"import knockapi\n# \xff\n", "cannot be decoded: "),
        (b"import knockapi\n\x00", "cannot be parsed: "),
        (b"import knockapi\nprint 'x'\n", "cannot be parsed: "),
    ],
)
def test_a_file_that_cannot_be_read_is_listed(tmp_path: Path, content: bytes, problem: str) -> None:
    file = write(tmp_path / "bad.py", content)
    good = write(tmp_path / "good.py")
    report = migrate_paths([tmp_path], write=True)
    (finding,) = report.findings
    assert (finding.path, finding.kind) == (str(file), "unreadable-files")
    assert finding.message.startswith(problem)
    assert finding.message.endswith("; it is left as it is")
    assert file.read_bytes() == content
    assert good.read_text() == NEW


def test_a_broken_file_that_is_not_about_clients_is_ignored(tmp_path: Path) -> None:
    write(tmp_path / "a.py", b"\xff")
    write(tmp_path / "b.py", b"print 'x'\n")
    assert migrate_paths([tmp_path]).findings == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither links for everybody nor modes")
def test_links_and_modes_stay(tmp_path: Path) -> None:
    target = write(tmp_path / "elsewhere" / "real.py")
    target.chmod(0o750)
    link = tmp_path / "project" / "app.py"
    link.parent.mkdir()
    link.symlink_to(target)
    (tmp_path / "project" / "loop").symlink_to(tmp_path / "project")
    (tmp_path / "project" / "dangling.py").symlink_to(tmp_path / "nowhere")
    report = migrate_paths([tmp_path / "project", target], write=True)
    assert [each.path for each in report.files] == [str(link)]
    assert link.is_symlink()
    assert target.read_text() == NEW
    assert stat.S_IMODE(target.stat().st_mode) == 0o750


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_listed_by_the_system(tmp_path: Path) -> None:
    file = write(tmp_path / "app.py")
    tmp_path.chmod(0o500)
    try:
        report = migrate_paths([tmp_path], write=True)
    finally:
        tmp_path.chmod(0o700)
    assert file.read_text() == OLD
    assert [finding.kind for finding in report.findings] == ["unreadable-files"]


def test_a_file_that_cannot_be_written_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = write(tmp_path / "a.py"), write(tmp_path / "b.py")
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "a.py":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    report = migrate_paths([tmp_path], write=True)
    assert [each.written for each in report.files] == [False, True]
    (finding,) = report.findings
    assert finding.message == "cannot be written: Permission denied; it is left as it is"
    assert (first.read_text(), second.read_text()) == (OLD, NEW)
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_dependencies_are_listed_and_tell_the_version(tmp_path: Path) -> None:
    write(tmp_path / "app.py", "from knockapi import Knock\n\n\ndef get(id):\n    return Knock().users.get(id)\n")
    write(tmp_path / "requirements-dev.txt", "httpx\n# knockapi is next\nknockapi==0.5.14  # old\nknockapi-stubs\n")
    write(tmp_path / "pyproject.toml", '[project]\ndependencies = [\n  "knockapi<1",\n  "my-knockapi",\n]\n')
    write(tmp_path / "sub" / "Pipfile", 'knockapi = "~=0.5"\n')
    write(tmp_path / ".venv" / "requirements.txt", "knockapi\n")
    findings = migrate_paths([tmp_path]).findings
    assert [(Path(each.path).name, each.line, each.kind) for each in findings] == [
        ("app.py", 5, "dictionary-responses"),
        ("pyproject.toml", 3, "dependencies"),
        ("requirements-dev.txt", 3, "dependencies"),
        ("Pipfile", 1, "dependencies"),
    ]
    for asked_for in ("knockapi>=1.2", "knockapi", "knockapi>=0.4", "knockapi~=1.0"):
        write(tmp_path / "requirements-dev.txt", asked_for)
        write(tmp_path / "pyproject.toml", "")
        write(tmp_path / "sub" / "Pipfile", "")
        assert [each.kind for each in migrate_paths([tmp_path]).findings] == ["dependencies"]


def test_libcst_and_the_client_are_loaded_by_a_migration_alone() -> None:
    script = (
        "import sys, knock_sdk, knock_sdk.migrate as m\n"
        "print(sorted(n for n in sys.modules if n in ('libcst', 'knock_sdk._sync', 'knock_sdk.types', 'httpx')))\n"
        "m.migrate_source('import knockapi')\nprint('libcst' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, check=True, text=True, timeout=60
    )
    assert run.stdout.splitlines() == ["[]", "True"]


def test_without_libcst_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "libcst", None)
    monkeypatch.setattr("knock_sdk.migrate.find_spec", lambda _: None)
    for call in (lambda: migrate_source(OLD), lambda: migrate_paths([tmp_path])):
        with pytest.raises(ConfigurationError, match=r"needs libcst: pip install 'knock-sdk\[migrate\]'"):
            call()
