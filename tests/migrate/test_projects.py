"""Projects: clients, and what they return, that files import from each other."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from knock_sdk.migrate import migrate_paths

if TYPE_CHECKING:
    from pathlib import Path


def migrated(folder: Path, files: dict[str, str], *paths: str) -> dict[str, str]:
    """Write a project, migrate it, and return the files that changed."""
    for name, code in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(code).lstrip("\n"), encoding="utf-8")
    report = migrate_paths([folder / path for path in paths] or [folder])
    return {str(each.path).removeprefix(f"{folder}/"): each.code for each in report.changed}


CLIENTS = """
    from knockapi import Knock

    knock = Knock("sk_test_1")


    def get_client():
        return knock


    def find(user_id):
        return knock.users.get(user_id)


    class Service:
        def __init__(self, client: Knock):
            self.client = client
    """


def test_clients_are_followed_into_other_files(tmp_path: Path) -> None:
    after = migrated(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/clients.py": CLIENTS,
            "app/views.py": """
                from .clients import find, get_client, knock as k

                k.users.get_user("ada")
                get_client().notify("w", ["ada"])
                print(find("ada")["name"])
                """,
            "app/sub/jobs.py": """
                import app.clients
                from .. import clients
                from ..clients import Service

                clients.knock.users.get_user("ada")
                app.clients.knock.users.get_user("ada")
                Service(clients.knock).client.users.get_user("ada")
                """,
            "manage.py": """
                from app import clients

                clients.knock.users.get_user("ada")
                """,
            "other.py": "from app.models import knock\n\nknock.users.get('ada')\n",
            "app/models.py": "knock = object()\n",
        },
    )
    assert after.keys() == {"app/clients.py", "app/views.py", "app/sub/jobs.py", "manage.py"}
    assert after["app/views.py"] == (
        "from .clients import find, get_client, knock as k\n\n"
        'k.users.get("ada")\nget_client().workflows.trigger("w", recipients=["ada"])\nprint(find("ada").name)\n'
    )
    assert after["app/sub/jobs.py"].count('.users.get("ada")') == 3
    assert after["manage.py"].endswith('clients.knock.users.get("ada")\n')


def test_names_go_through_several_files(tmp_path: Path) -> None:
    after = migrated(
        tmp_path,
        {
            "app/core/clients.py": CLIENTS,
            "app/core/__init__.py": "from .clients import knock\n\n__all__ = ['knock']\n",
            "app/api.py": "from app.core import knock\n",
            "app/end.py": "from app.api import knock\n\nknock.users.get_user('ada')\n",
        },
    )
    assert after["app/end.py"].endswith("knock.users.get('ada')\n")


def test_a_name_that_other_files_import_stays(tmp_path: Path) -> None:
    after = migrated(
        tmp_path,
        {
            "errors.py": "from knockapi import APIError, KnockError\n\nprint(APIError)\n",
            "app.py": "from errors import APIError\n\ntry:\n    pass\nexcept APIError as e:\n    print(e.message)\n",
        },
    )
    assert after["errors.py"].startswith("from knock_sdk import KnockError as APIError, KnockError\n")
    assert after["app.py"].endswith("except APIError as e:\n    print(str(e))\n")


def test_modules_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    after = migrated(
        tmp_path,
        {
            "one/clients.py": CLIENTS,
            "one/app.py": "from clients import knock\n\nknock.users.get_user('ada')\n",
            "two/clients.py": "class Fake: ...\n\n\nknock = Fake()\n",
            "two/app.py": "from clients import knock\n\nknock.users.get_user('ada')\n",
            "three/app.py": "from clients import knock\n\nknock.users.get_user('ada')\n",
        },
    )
    assert after.keys() == {"one/clients.py", "one/app.py"}


def test_fixtures_are_followed_into_tests(tmp_path: Path) -> None:
    fixture = "import pytest\nfrom knockapi import Knock\n\n\n@pytest.fixture{}\ndef knock():\n    yield Knock('x')\n"
    test = "def test_it(knock):\n    knock.users.get_user('ada')\n"
    after = migrated(
        tmp_path,
        {
            "tests/conftest.py": fixture.format("(scope='session')"),
            "tests/unit/test_a.py": test,
            "tests/unit/helpers.py": test,
            "elsewhere/test_b.py": test,
            "here/test_c.py": fixture.format("") + "\n\n" + test,
        },
    )
    assert after.keys() == {"tests/conftest.py", "tests/unit/test_a.py", "here/test_c.py"}
    assert "knock.users.get('ada')" in after["tests/unit/test_a.py"]


def test_a_file_that_does_not_tell_its_version_follows_the_others(tmp_path: Path) -> None:
    undecided = "from knockapi import Knock\n\n\ndef find(user_id):\n    return Knock(api_key='x').users.get(user_id)\n"
    (tmp_path / "a.py").write_text(undecided, encoding="utf-8")
    assert migrate_paths([tmp_path]).findings == ()
    (tmp_path / "b.py").write_text("from knockapi import Knock\n\nKnock('x').notify('w', [])\n", encoding="utf-8")
    (finding,) = migrate_paths([tmp_path]).findings
    assert (finding.path, finding.line, finding.kind) == (str(tmp_path / "a.py"), 5, "dictionary-responses")
    (tmp_path / "c.py").write_text("from knockapi import AsyncKnock\n", encoding="utf-8")
    assert migrate_paths([tmp_path]).findings == ()  # there are both


def test_what_is_needed_is_imported_where_no_import_is_the_vendors(tmp_path: Path) -> None:
    after = migrated(
        tmp_path,
        {
            "clients.py": "from knockapi import Knock\n\nknock = Knock(api_key='x')\n",
            "app.py": '"""Text."""\n\nfrom __future__ import annotations\n\nimport clients\n\n'
            "response = clients.knock.users.with_raw_response.delete('ada')\nprint(response.status_code)\n",
            "bare.py": "def f(x: int): ...\n\n\nimport clients\n\n"
            "response = clients.knock.users.with_raw_response.delete('ada')\n",
        },
    )
    assert after["app.py"].startswith(
        '"""Text."""\n\nfrom __future__ import annotations\n\nimport clients\n'
        "from knock_sdk import capture_responses\n\n"
    )
    assert after["bare.py"].startswith("from knock_sdk import capture_responses\ndef f(x: int): ...\n")


def test_a_function_that_other_files_use_may_be_given_something_else(tmp_path: Path) -> None:
    announce = (
        "from knockapi import Knock\n\n\ndef announce(client):\n    client.notify('w', ['ada'])\n\n\n"
        "announce(Knock(api_key='x'))\n"
    )
    assert "client.workflows.trigger(" in migrated(tmp_path, {"a.py": announce})["a.py"]
    after = migrated(tmp_path, {"a.py": announce, "b.py": "import a\n\na.announce(object())\n"})
    assert "client.notify('w', ['ada'])" in after["a.py"]


def test_a_client_of_a_cycle_of_files_is_found(tmp_path: Path) -> None:
    after = migrated(
        tmp_path,
        {
            "a.py": "from b import other\nfrom knockapi import Knock\n\nknock = Knock('x')\n"
            "other.users.get_user('ada')\n",
            "b.py": "import a\nfrom a import knock as other\nfrom c import *\n\na.knock.users.get_user('ada')\n",
            "c.py": "from c import c\nfrom b import other\n\nother.users.get_user('ada')\nc.users.get_user('x')\n",
        },
    )
    assert all(".users.get('ada')" in code for code in after.values())
    assert len(after) == 3
