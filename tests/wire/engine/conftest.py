"""Fixtures of the tests of the client's own engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme

from tests.support.certificates import make_server_context

if TYPE_CHECKING:
    from pathlib import Path

    from ..proxied import Certified


@pytest.fixture(scope="package")
def _authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certified(_authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certified:
    """Make an authority trusted; the function returns the context of a server with a certificate for a host."""
    path = tmp_path / "authority.pem"
    _authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return lambda host: make_server_context(_authority, host)
