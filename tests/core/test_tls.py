"""The TLS context: one for the process and its certificates."""

from __future__ import annotations

import shutil
import ssl
import threading
from typing import TYPE_CHECKING, Any

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


@pytest.mark.parametrize(
    ("default", "bound"),
    [
        pytest.param(ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_2, id="none"),
        pytest.param(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, id="1.2"),
        pytest.param(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, id="1.3"),
    ],
)
def test_older_versions_are_not_offered(
    monkeypatch: pytest.MonkeyPatch, default: ssl.TLSVersion, bound: ssl.TLSVersion
) -> None:
    original = ssl.create_default_context

    def make_with_default(**named: Any) -> ssl.SSLContext:
        context = original(**named)
        context.minimum_version = default
        return context

    monkeypatch.setattr(ssl, "create_default_context", make_with_default)
    assert tls_context().minimum_version is bound


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
