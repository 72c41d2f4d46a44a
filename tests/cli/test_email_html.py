"""The HTML of emails as Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk.cli._messages.email_html import to_markdown

TABLE = "<table>{}</table>"
LAYOUT = '<table role="presentation">{}</table>'


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>Hi <i>Ana</i></h2><p>one<br>two</p>", "## Hi *Ana*\n\none  \ntwo"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote>quoted</blockquote>", "> quoted"),
        ("<p>2 * 3 # _x_ [y] `z` <b>b</b></p>", r"2 \* 3 \# \_x\_ \[y\] \`z\` **b**"),
        ("<p>a</p><img src='https://t.example/1.gif' width=1 height=1>", "a"),
        ("<img src='https://x.example/logo.png' alt='The  logo'>", r"\[The logo\]"),
        ("<head><title>t</title><style>p {}</style></head><script>alert(1)</script><p>a</p><!-- b -->", "a"),
        ("<div style='Display : none'>preview<p style='display:none'>b</p></div><p hidden>c</p><p>a</p>", "a"),
        (LAYOUT.format("<tr><td><p>a</p></td></tr><tr><td><h1>b</h1></td></tr>"), "a\n\n# b"),
        (TABLE.format("<tr><td>Total</td><td>$5</td></tr><tr><td>Tax</td><td>$1</td></tr>"), "Total $5\n\nTax $1"),
        (
            LAYOUT.format("<tr><td>" + TABLE.format("<tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr>"))
            + "</td></tr>",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        ("", ""),
        ("<p>a<p>b", "a\n\nb"),
    ],
)
def test_conversion(html: str, markdown: str) -> None:
    text, urls = to_markdown(html)
    assert " ".join(text.split(" ")).replace("  $", " $") == markdown
    assert urls == []


@pytest.mark.parametrize(
    ("html", "markdown", "urls"),
    [
        ("<a href='https://a.example/?x=1'>Open</a>", r"Open \[1\]", ["https://a.example/?x=1"]),
        (
            "<a href='https://a'>x</a> <a href='https://b'>y</a> <a href='https://a'>z</a>",
            None,
            ["https://a", "https://b"],
        ),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example", []),
        ("<a href='https://a.example'><img src='x' alt='Logo'></a>", r"\[Logo\] \[1\]", ["https://a.example"]),
        ("<a href='https://a.example'><img src='x'></a>", r"\[1\]", ["https://a.example"]),
        ("<a href='#top'>up</a> <a href='javascript:alert(1)'>x</a> <a>y</a>", "up x y", []),
        ("<a href=' https://a.example/\n b '>x</a>", r"x \[1\]", ["https://a.example/b"]),
    ],
)
def test_links(html: str, markdown: str | None, urls: list[str]) -> None:
    text, found = to_markdown(html)
    assert markdown is None or text == markdown
    assert found == urls


def test_elements_that_are_nested_like_those_of_no_email() -> None:
    with pytest.raises(RecursionError):
        to_markdown("<div>" * 5_000 + "a")


_PIECES = st.sampled_from(
    [
        *("<table>", "<tr>", "<td>", "</td>", "</table>", "<a href='https://a.example'>", "</a>", "<p>", "<b>", "</b>"),
        *(
            "<ul><li>",
            "</ul>",
            "<div hidden>",
            "</div>",
            "<img alt=x>",
            "<th>",
            "<pre>",
            "</pre>",
            "<",
            "&#27;",
            "text",
        ),
    ]
)


@given(st.lists(_PIECES | st.text(max_size=5), max_size=30))
def test_any_html_becomes_some_text(pieces: list[str]) -> None:
    text, urls = to_markdown("".join(pieces))
    assert isinstance(text, str)
    assert len(urls) <= 1
