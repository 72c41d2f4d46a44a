"""The TLS context: one for the process and its certificates."""

from __future__ import annotations

import os
import shutil
import ssl
import threading
from typing import TYPE_CHECKING, Any

import certifi
import pytest

from knock_sdk import ConfigurationError
from knock_sdk._core.wire import tls
from knock_sdk._core.wire.tls import tls_context

if TYPE_CHECKING:
    from collections.abc import Callable
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


@pytest.fixture
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


def write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


BROKEN: dict[str, tuple[str, Callable[[Path], str], str]] = {
    "missing file": ("SSL_CERT_FILE", lambda tmp: str(tmp / "none.pem"), "cannot read '{}': No such file or directory"),
    "a directory": ("SSL_CERT_FILE", str, "cannot read '{}': Is a directory"),
    "below a file": ("SSL_CERT_FILE", lambda tmp: write(tmp / "a", b"") + "/b", "cannot read '{}': Not a directory"),
    "empty": ("SSL_CERT_FILE", lambda tmp: write(tmp / "a", b""), "'{}' is not a file of certificates in PEM format"),
    "no certificates": ("SSL_CERT_FILE", lambda tmp: write(tmp / "a", b"\x00\xffkey"), "'{}' is not a file of"),
    "broken certificate": (
        "SSL_CERT_FILE",
        lambda tmp: write(tmp / "a", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        "'{}' is not a file of certificates in PEM format",
    ),
    "missing directory": ("SSL_CERT_DIR", lambda tmp: str(tmp / "none"), "'{}' is not a directory"),
    "a file": ("SSL_CERT_DIR", lambda tmp: write(tmp / "a", b""), "'{}' is not a directory"),
    "missing directory of a log": ("SSLKEYLOGFILE", lambda tmp: str(tmp / "no" / "log"), "cannot write '{}': No such"),
}


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_setting_is_named_with_its_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variable, make, problem = BROKEN[name]
    value = make(tmp_path)
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as caught:
        tls_context()
    assert str(caught.value).startswith(f"{variable}: {problem.format(value)}")
    assert "; set it to " in str(caught.value)
    assert str(caught.value).endswith(", or unset it")
    assert caught.value.__cause__ is None is caught.value.__context__
    monkeypatch.delenv(variable)
    assert tls_context().get_ca_certs()


@pytest.mark.usefixtures("_clean")
def test_a_directory_beside_a_file_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert tls_context().get_ca_certs()


@pytest.mark.usefixtures("_clean")
def test_one_of_several_directories_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path / 'none'}{os.pathsep}{tmp_path}")
    assert tls_context().get_ca_certs() == []


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize("error", [ImportError("No module named 'certifi'"), FileNotFoundError(2, "No such file")])
def test_an_installation_without_authorities_is_named(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def where() -> str:
        raise error

    monkeypatch.setattr(certifi, "where", where)
    with pytest.raises(ConfigurationError, match=r"^certifi: .*No .*; install certifi again, or set SSL_CERT_FILE$"):
        tls_context()


@pytest.mark.usefixtures("_clean")
def test_a_bundle_of_authorities_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "cacert.pem"))
    with pytest.raises(ConfigurationError, match=r"^certifi: cannot read '.*\.pem': No such file.*SSL_CERT_FILE$"):
        tls_context()
