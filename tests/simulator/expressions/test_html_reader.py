"""HTML that is not well-formed, as data in a template can make it."""

from __future__ import annotations

import pytest
from typing_extensions import override

from knock_sdk.testing import Send, Simulator
from knock_sdk.testing.expressions.emails.html_reader import HTMLReader
from knock_sdk.testing.expressions.emails.plain_text import to_text


class CountingReader(HTMLReader):
    """Counts how often it looks for the end of something."""

    def __init__(self) -> None:
        super().__init__()
        self.tries = 0

    @override
    def parse_starttag(self, i: int) -> int:
        self.tries += 1
        return super().parse_starttag(i)

    @override
    def parse_endtag(self, i: int) -> int:
        self.tries += 1
        return super().parse_endtag(i)

    @override
    def parse_comment(self, i: int, report: bool = True) -> int:
        self.tries += 1
        return super().parse_comment(i, report)

    @override
    def parse_pi(self, i: int) -> int:
        self.tries += 1
        return super().parse_pi(i)


@pytest.mark.parametrize("opening", ["<a ", "</", "</a", "<!--", "<?", '<a href="'])
def test_what_never_ends_is_looked_at_once(opening: str) -> None:
    reader = CountingReader()
    reader.feed("<p>" + opening * 1_000)
    reader.close()
    assert reader.tries < 10


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<![<!b>c", "ac"),
        ("a<![", "a"),
        ("<![if mso]>a<![endif]>", "a"),
        ("a<![CDATA[b]]>c", "ac"),
        ("1 < 2 <", "1 < 2 <"),
        ("a<b", "a"),
        ("a<!-- b", "a"),
        ('x<br><a href="/u">one<br>two</a>', "x\none\ntwo (/u)"),
        ('x <a href="y"><a href="z">z</a> y</a>', "x z y (y)"),
    ],
)
def test_text_of_odd_html(html: str, text: str) -> None:
    assert to_text(html) == text


def test_data_that_is_no_html_is_sent(sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("email", template={"subject": "s", "html_body": "<p>{{ note }}</p>"})])
    with sim.client() as client:
        client.workflows.trigger("w", recipients=[{"id": "a", "email": "a@b.example"}], data={"note": "x <![ y"})
    assert len(sim.messages()) == 1
