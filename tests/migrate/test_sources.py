"""Sources that are unusual: broken, large, tangled, or not about clients at all."""

from __future__ import annotations

import pytest

from knock_sdk.migrate import migrate_source

HEAD = 'from knockapi import Knock\n\nclient = Knock(api_key="sk_test_1")\n'


def changed(code: str) -> str:
    """Return what follows the first lines after the migration."""
    return migrate_source(HEAD + code).code.removeprefix(HEAD.replace("knockapi", "knock_sdk"))


@pytest.mark.parametrize(
    ("code", "line", "problem"),
    [
        ("from knockapi import Knock\nclient = Knock(\n", 3, "cannot be parsed"),
        ("from knockapi import Knock\nprint 'x'\n", 2, "cannot be parsed"),
        ("from knockapi import Knock\n\x00\n", 2, "cannot be parsed"),
        ("x = " + "(" * 5000 + ")" * 5000 + "  # knockapi\n", 1, "is nested too deeply"),
        ("x = " + "[" * 150 + "]" * 150 + "  # knockapi\n", 1, "is nested too deeply"),
        ("x = y" + ".z" * 5000 + "  # knockapi\n", 1, "is nested too deeply"),
        ("x = 1" + " + 1" * 900 + "  # knockapi\n", 1, "is nested too deeply"),
    ],
)
def test_what_cannot_be_parsed_is_listed(code: str, line: int, problem: str) -> None:
    migrated = migrate_source(code, path="app.py")
    assert migrated.code == code
    (finding,) = migrated.findings
    assert (finding.path, finding.kind) == ("app.py", "unreadable-files")
    assert abs(finding.line - line) <= 1
    assert finding.message.startswith(problem)
    assert str(finding) == f"app.py:{finding.line}: {finding.message} [docs/from-knockapi.md#unreadable-files]"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "\n",
        "# only a comment",
        "from knock_sdk import Knock\n\nclient = Knock()\nclient.users.update('ada', extra_body={'plan': 'pro'})\n",
        "from knock_sdk import Knock\nprint([user.name for user in Knock().users.list().items])\n",
        "import requests\n\nrequests.get('x').json()['knockapi/x']\n",
        "from app.models import users\n\nusers.get('ada')\nusers.identify('x', {})\n",
        "def f(db):\n    return db.users.get('x'), db.messages.list({'a': 1}), db.users.update('x')\n",
        "import knockapi_extras\n\nknockapi_extras.users.identify('y', [])\n",
        "class Knock:\n    def notify(self, key): ...\n\n\nKnock().notify('x')\n",
    ],
)
def test_what_is_not_about_the_vendors_client_stays(code: str) -> None:
    migrated = migrate_source(code)
    assert migrated.code == code
    assert migrated.findings == ()
    assert not migrated.changed


def test_code_that_uses_this_package_already_is_finished_where_it_is_not() -> None:
    """Such as after a first migration, with changes by hand."""
    code = 'from knock_sdk import Knock\n\nKnock(api_key="sk_test_1").users.identify("ada", {"name": "Ada"})\n'
    assert migrate_source(code).code.endswith('.users.update("ada", name="Ada")\n')


@pytest.mark.parametrize(
    "code",
    [
        "def f(client):\n    client.users.identify('ada', {})\n",
        "def f():\n    client = connect()\n    client.users.identify('ada', {})\n",
        "client = connect()\nclient.users.identify('ada', {})\n",
        "for client in clients:\n    client.users.identify('ada', {})\n",
        "with connect() as client:\n    client.users.identify('ada', {})\n",
        "class A:\n    client = connect()\n\n    def f(self):\n        self.client.users.identify('ada', {})\n",
        "[client.users.identify('ada', {}) for client in clients]\n",
        "f = lambda client: client.users.identify('ada', {})\n",
        "match x:\n    case client:\n        client.users.identify('ada', {})\n",
        "def f():\n    global client\n    client = connect()\n\n\nclient.users.identify('ada', {})\n",
        "if x:\n    client = connect()\nclient.users.identify('ada', {})\n",
        "while x:\n    client.users.identify('ada', {})\n    client = connect()\n",
        "try:\n    client = connect()\nexcept OSError:\n    pass\nclient.users.identify('ada', {})\n",
        "client += 1\nclient.users.identify('ada', {})\n",
        "del client\nclient.users.identify('ada', {})\n",
    ],
)
def test_a_name_that_may_be_something_else_is_listed(code: str) -> None:
    migrated = migrate_source(HEAD + code)
    assert "client.users.identify('ada', {})" in migrated.code
    assert [finding.kind for finding in migrated.findings] == ["unknown-clients"]
    assert "annotate it as `Knock`" in migrated.findings[0].message


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    client.users.identify('ada', {})\n",
        "class A:\n    def f(self):\n        def g():\n            return client.users.identify('ada', {})\n",
        "[client.users.identify('ada', {}) for x in y]\n",
        "f = lambda x: client.users.identify('ada', {})\n",
        "def f():\n    other = client\n    other.users.identify('ada', {})\n",
        "a, b = client, 1\na.users.identify('ada', {})\n",
        "if x:\n    client = Knock(api_key='x')\nclient.users.identify('ada', {})\n",
        "if x:\n    client = None\nclient.users.identify('ada', {})\n",
        "while x:\n    client = Knock(api_key='x')\n    client.users.identify('ada', {})\n",
        "for client in [1]:\n    pass\nclient = Knock(api_key='x')\nclient.users.identify('ada', {})\n",
        "def f(client: Knock = client):\n    client.users.identify('ada', {})\n",
        "def f(client=client):\n    client.users.identify('ada', {})\n",
        "(client if x else client).users.identify('ada', {})\n",
        "(client or None).users.identify('ada', {})\n",
        "async def f():\n    client.users.identify('ada', {})\n",
        "def f():\n    c = client\n\n    def g():\n        nonlocal c\n        c.users.identify('ada', {})\n",
        "@decorate(client.users.identify('ada', {}))\ndef f(): ...\n",
        "with client as other:\n    other.users.identify('ada', {})\n",
        "print(f\"{client.users.identify('ada', {})}\")\n",
    ],
)
def test_a_client_is_followed(code: str) -> None:
    migrated = migrate_source(HEAD + code)
    assert ".users.update('ada')" in migrated.code
    assert migrated.findings == ()


def test_responses_are_followed() -> None:
    code = (
        "def find(user_id):\n    return client.users.get(user_id)\n\n\n"
        "def names():\n    return [find(each)['name'] for each in ids]\n\n\n"
        "for number, each in enumerate(client.users.list()['entries'], start=1):\n    print(number, each['email'])\n"
        "first, *rest = client.users.list()['entries']\n"
        "latest = sorted(client.messages.list()['items'], key=id)[0]\nprint(latest['source']['key'])\n"
        "if (found := find('ada'))['name']:\n    print(found['name'])\n"
    )
    assert changed(code) == (
        "def find(user_id):\n    return client.users.get(user_id)\n\n\n"
        "def names():\n    return [find(each).name for each in ids]\n\n\n"
        "for number, each in enumerate(client.users.list().entries, start=1):\n    print(number, each.email)\n"
        "first, *rest = client.users.list().entries\n"
        "latest = sorted(client.messages.list().items, key=id)[0]\nprint(latest.source.key)\n"
        "if (found := find('ada')).name:\n    print(found.name)\n"
    )


def test_comments_and_layout_stay() -> None:
    code = (
        "# one\nclient.notify(  # two\n    # three\n    'w',  # four\n    recipients=[  # five\n        'ada',\n"
        "    ],\n    data={  # six\n        'a': 1,\n    },  # seven\n    # eight\n)  # nine\n"
        "( client\n    .users\n    .get_user( id = 'ada' ) )\n"
    )
    assert changed(code) == (
        "# one\nclient.workflows.trigger(  # two\n    # three\n    'w',  # four\n    recipients=[  # five\n"
        "        'ada',\n    ],\n    data={  # six\n        'a': 1,\n    },  # seven\n    # eight\n)  # nine\n"
        "( client\n    .users\n    .get( user_id = 'ada' ) )\n"
    )


def test_a_large_source_is_migrated() -> None:
    code = HEAD + "".join(f"client.users.identify('u{n}', {{'name': 'N', 'n': {n}}})\n" for n in range(400))
    migrated = migrate_source(code)
    assert migrated.code.count("client.users.update('u") == 400
    assert migrated.counts["calls"].changed == 400


def test_a_source_that_refers_to_itself_ends() -> None:
    code = (
        "def f(x):\n    return g(f(x))\n\n\ndef g(x):\n    return f(x)\n\n\n"
        "class A(A):\n    @property\n    def b(self):\n        return self.b\n\n\n"
        "class B(C): ...\n\n\nclass C(B): ...\n\n\n"
        "x = x\ny = [y for y in y]\nf(client).users.identify('ada', {})\n"
        "A().b.users.identify('ada', {})\nC().d.users.get('x')\n"
    )
    migrated = migrate_source(HEAD + code)
    assert {finding.kind for finding in migrated.findings} == {"unknown-clients"}


def test_counts_tell_what_became_of_each_place() -> None:
    code = "client.users.get('ada')\nclient.notify('w', [])\nclient.users.set_preferences('ada', {}, options=o)\n"
    counts = migrate_source(HEAD + code).counts
    assert (counts["calls"].changed, counts["calls"].right, counts["calls"].undecided) == (1, 2, 1)
    assert counts["calls"].total == 4
    assert (counts["imports"].changed, counts["imports"].undecided) == (1, 0)
