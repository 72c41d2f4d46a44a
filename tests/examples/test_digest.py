"""The digest: what it prints of a simulated day, and what it sends with an account."""

from __future__ import annotations

from knock_sdk.testing import Simulator

from .programs import KEY, run

OUTPUT = """\
Mon 08:12  ian comments on Island survey
Mon 10:05  ray comments on Fences
Mon 15:40  ian comments on Fences
           the digest of ellie comes at Tue 08:12
           the digest of ian comes at Tue 10:05
           the digest of ray comes at Tue 15:40

Tue 08:12  To: ellie@example.com  Subject: 3 new comments
Hello Ellie Sattler,

- Ian Malcolm on Island survey: Life finds a way.

- Ray Arnold on Fences: Hold on to your butts.

- Ian Malcolm on Fences: Must go faster.

Tue 10:05  To: ian@example.com  Subject: 1 new comment
Hello Ian Malcolm,

- Ray Arnold on Fences: Hold on to your butts.

Not sent: the digest of ray, for channel_types.email
"""


def test_a_day_passes() -> None:
    done = run("daily_digest.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout == OUTPUT


def test_with_a_key_the_comments_are_announced_there() -> None:
    sim = Simulator()
    with sim.serve() as url:
        for _ in range(2):  # the second time, none is announced again
            done = run("daily_digest.py", KNOCK_API_KEY=KEY, KNOCK_BASE_URL=url)
            assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 comments were announced.")
    sim.assert_sent(to="ellie", count=3)
    sim.assert_sent(to="ian", count=1)


def test_an_error_is_one_line() -> None:
    done = run("daily_digest.py", KNOCK_API_KEY=KEY, KNOCK_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.startswith("daily_digest: PUT /v1/users/{user_id}: cannot connect")
    assert done.stderr.count("\n") == 1
