"""Markdown to HTML, with Liquid preserved where it is rendered afterwards, and HTML to plain text."""

from __future__ import annotations

import pytest

from knock_sdk.testing.expressions.emails.plain_text import to_text
from knock_sdk.testing.expressions.liquid.markdown import template_to_html, to_html

MARKDOWN = [
    ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
    (
        "**bold** and *thin* and _thin_ and __bold__",
        "<p><strong>bold</strong> and <em>thin</em> and <em>thin</em> and <strong>bold</strong></p>",
    ),
    ("snake_case_name 2 * 3", "<p>snake_case_name 2 * 3</p>"),
    ("[a link](https://x.example/?a=1&b=2)", '<p><a href="https://x.example/?a=1&amp;b=2">a link</a></p>'),
    ("https://x.example/a", '<p><a href="https://x.example/a">https://x.example/a</a></p>'),
    ("x.example and a@x.example", "<p>x.example and a@x.example</p>"),
    ("![alt](https://x.example/i.png)", '<p><img src="https://x.example/i.png" alt="alt"></p>'),
    ("## Heading\ntext", "<h2>Heading</h2>\n<p>text</p>"),
    ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
    ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
    ("> quoted\n> **twice**", "<blockquote>\n<p>quoted\n<strong>twice</strong></p>\n</blockquote>"),
    ("~~gone~~", "<p><s>gone</s></p>"),
    (
        "|a|\n|-|\n|b|",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>",
    ),
    ("`a < *b*`", "<p><code>a &lt; *b*</code></p>"),
    ("<b>as it is</b>", "<p><b>as it is</b></p>"),
    ("line  \nbreak", "<p>line<br>\nbreak</p>"),
    ("", ""),
]


@pytest.mark.parametrize(("source", "expected"), MARKDOWN)
def test_markdown(source: str, expected: str) -> None:
    assert to_html(source) == expected


TEMPLATES = [
    (
        'Hi **{{ name | split: " " | first }}** & co',
        '<p>Hi <strong>{{ name | split: " " | first }}</strong> &amp; co</p>',
    ),
    ("[x]({{ vars.app_url }}/{{ id }})", '<p><a href="{{ vars.app_url }}/{{ id }}">x</a></p>'),
    (
        "https://x.example/{{ id }}?a=1",
        '<p><a href="https://x.example/{{ id }}?a=1">https://x.example/{{ id }}?a=1</a></p>',
    ),
    ("{% if a %}\n  > {{ a }}\n{% endif %}", "{% if a %}\n<blockquote>\n<p>{{ a }}</p>\n</blockquote>\n{% endif %}"),
    ("- a\n{% if b %}\n- b\n{% endif %}", "<ul>\n<li>a</li>\n</ul>\n{% if b %}\n<ul>\n<li>b</li>\n</ul>\n{% endif %}"),
    ("a {% if b %}*b*{% endif %}", "<p>a {% if b %}<em>b</em>{% endif %}</p>"),
    ("{% assign a = 1 %}{% assign b = 2 %}\n# {{ a }}", "{% assign a = 1 %}{% assign b = 2 %}\n<h1>{{ a }}</h1>"),
    ("{% t %}*a* & {{ b }}{% endt %}", "<p>{% t %}*a* & {{ b }}{% endt %}</p>"),
    ("{% t %}\na\n{% endt %}", "<p>{% t %}\na\n{% endt %}</p>"),
    ("liquid0e {{ a }}", "<p>liquid0e {{ a }}</p>"),
]


@pytest.mark.parametrize(("source", "expected"), TEMPLATES)
def test_liquid_in_markdown_is_preserved(source: str, expected: str) -> None:
    assert template_to_html(source) == expected


TEXTS = [
    ("<h1>A</h1><p>b <b>c</b><br>d</p><ul><li>e</li></ul>&amp;", "A\n\nb c\nd\n\n- e\n\n&"),
    ('<a href="https://x.example">Open</a> now', "Open (https://x.example) now"),
    ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
    ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
    ('<a href="https://x.example"><img alt="Logo" src="l.png"></a>', "Logo (https://x.example)"),
    ("<ol><li>one<ul><li>deep</li></ul></li><li><p>two</p></li></ol>", "1. one\n  - deep\n2. two"),
    ("<head><title>T</title></head><style>p {}</style><p>a</p><script>b</script>", "a"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("a<hr>b", "a\n\n---\n\nb"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
    ("  a \n  b  ", "a b"),
    ("", ""),
]


@pytest.mark.parametrize(("html", "expected"), TEXTS)
def test_text_of_html(html: str, expected: str) -> None:
    assert to_text(html) == expected
