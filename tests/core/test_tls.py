"""The TLS context: one for the process and its certificates."""

from __future__ import annotations

import shutil
import ssl
import threading
from typing import TYPE_CHECKING

import certifi
import pytest

from knock_sdk._core import tls
from knock_sdk._core.tls import tls_context

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _reset_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "_contexts", {})


def test_the_context_verifies_servers() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.get_ca_certs()


def test_threads_share_one_context() -> None:
    start = threading.Barrier(4)
    made: list[ssl.SSLContext] = []

    def make() -> None:
        start.wait()
        made.append(tls_context())

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(context) for context in made}) == 1


def test_the_environment_selects_the_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain = tls_context()
    file = tmp_path / "authorities.pem"
    shutil.copy(certifi.where(), file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    other = tls_context()
    assert other is not plain
    assert tls_context() is other
    monkeypatch.delenv("SSL_CERT_FILE")
    assert tls_context() is plain
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert tls_context().get_ca_certs() == []
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with pytest.raises(OSError, match="No such file"):
        tls_context()
