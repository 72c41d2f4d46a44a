"""A reader of HTML that takes time in proportion to its length, whatever it contains, and never fails."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from typing_extensions import override

_TAG = re.compile(r"<[A-Za-z/!?]")


class HTMLReader(HTMLParser):
    """Python's parser, with the two places changed where HTML that is not well-formed troubles it."""

    @override
    def close(self) -> None:
        """End the document. A tag or comment that does not end is left out, as in browsers.

        Python's parser would take its `<` as text and look for tags behind it, each time to the end of the document.
        """
        if _TAG.match(self.rawdata):
            self.rawdata = ""
        super().close()

    @override
    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Pass over `<![…`, which is a comment up to the next `>`; Python's parser fails if no name follows."""
        del report
        end = self.rawdata.find(">", i)
        return -1 if end < 0 else end + 1
