from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import media_core
from media_core import ImageRejected, PoolBusy, PoolSettings, PoolUnavailable, RejectCode
from media_core.pool.child import Child, ChildLost
from media_core.pool.pool import Job, Pool
from media_core.spec import DEFAULT, Limits, Spec
from tests.media_core.photographs import encoded, photograph, scene

SLOW = Spec(limits=Limits(cpu_seconds=60))
PATIENT = PoolSettings(workers=1, idle_seconds=600)
"""A worker stays, however long a busy machine takes between two jobs."""


def job(data: bytes = b"", spec: Spec = DEFAULT, op: str = "inspect") -> Job:
    return Job({"op": op, "spec": spec.to_message()}, [data], spec.limits.wall_seconds)


def until(condition: Callable[[], bool]) -> None:
    """Waits on the state; a minute is a failure."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """Also a zombie nobody has reaped yet is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
        if not gone(int(child))
    ]


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(replace(PATIENT, queue=2))
    yield made
    made.close()


def fails(pool: Pool, wanted: Job) -> RejectCode:
    with pytest.raises(ImageRejected) as refusal:
        pool.submit(wanted, wait=True).result()
    return refusal.value.code


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=300, check=False
    )


def test_importing_starts_no_process_and_no_thread_and_no_decoder() -> None:
    code = """
import os, sys, threading, media_core
kids = [open(f"/proc/self/task/{t}/children").read() for t in os.listdir("/proc/self/task")]
print(threading.active_count(), kids, "PIL" in sys.modules, "asyncio" in sys.modules, "minio" in sys.modules)
"""
    assert run_python(code).stdout == "1 [''] False False False\n"


def test_a_worker_stays_warm_and_retires_when_idle() -> None:
    data = encoded(scene(10, 10), "PNG")
    patient = Pool(replace(PATIENT, workers=2))
    for _ in range(3):
        patient.submit(job(data), wait=True).result()
    assert patient.workers == 1
    patient.close()
    assert patient.workers == 0
    pool = Pool(PoolSettings(workers=2, idle_seconds=0.1))
    for _ in range(2):
        pool.submit(job(data), wait=True).result()
        until(lambda: pool.workers == 0)
    pool.close()


def test_a_worker_that_has_done_its_share_is_replaced_once() -> None:
    pool = Pool(replace(PATIENT, jobs_per_worker=2))
    data = encoded(scene(10, 10), "PNG")
    pids = []
    for _ in range(6):
        pool.submit(job(data), wait=True).result()
        pids += [child.pid for child in pool._children]
    pool.close()
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 2]


def test_a_worker_that_was_killed_while_idle_is_replaced_unnoticed(pool: Pool) -> None:
    data = encoded(scene(10, 10), "PNG")
    pool.submit(job(data), wait=True).result()
    (pid,) = [child.pid for child in pool._children]
    os.kill(pid, signal.SIGKILL)
    assert pool.submit(job(data), wait=True).result()[0][0]["metadata"]["width"] == 10
    assert gone(pid)


def test_a_worker_over_its_wall_time_is_ended_and_the_next_job_runs(pool: Pool) -> None:
    slow = Spec(limits=Limits(wall_seconds=0.05))
    assert fails(pool, job(photograph(), slow, "process")) is RejectCode.TIMEOUT
    pool.submit(job(encoded(scene(10, 10), "PNG")), wait=True).result()


def test_a_worker_over_its_cpu_time_is_ended(pool: Pool) -> None:
    greedy = Spec(limits=Limits(cpu_seconds=0), format=media_core.Format.AVIF)
    data = photograph(6000, 6000)
    assert fails(pool, job(data, greedy, "process")) is RejectCode.TIMEOUT


def test_a_stopped_worker_is_killed_by_its_parent_in_time() -> None:
    child = Child(PoolSettings().memory_bytes)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ChildLost) as lost:
        child.run({"op": "inspect", "spec": DEFAULT.to_message()}, [b"x"], 0.1)
    assert lost.value.overdue
    assert gone(child.pid)


def test_a_worker_is_less_urgent_than_whoever_answers_requests() -> None:
    child = Child(PoolSettings().memory_bytes)
    try:
        assert os.getpriority(os.PRIO_PROCESS, child.pid) >= os.getpriority(os.PRIO_PROCESS, 0) + 10
        assert os.sched_getscheduler(child.pid) == os.SCHED_BATCH
    finally:
        child.kill()


def test_a_worker_is_less_urgent_than_sessions_other_than_its_parents() -> None:
    child = Child(PoolSettings().memory_bytes)
    try:
        assert os.getsid(child.pid) == child.pid
        autogroup = Path(f"/proc/{child.pid}/autogroup")
        if autogroup.exists():  # kernels without such groups share processors between tasks alone
            assert autogroup.read_text().split()[1:] == ["nice", "5"]
    finally:
        child.kill()


def test_too_little_memory_is_a_refusal_and_the_worker_lives_on() -> None:
    pool = Pool(replace(PATIENT, memory_bytes=160 * 1024 * 1024))
    data = encoded(scene(10, 10), "PNG")
    pool.submit(job(data), wait=True).result()
    before = {child.pid for child in pool._children}
    big = encoded(scene(7000, 7000).convert("P"), "PNG", compress_level=1)
    assert fails(pool, job(big, SLOW, "process")) is RejectCode.OUT_OF_MEMORY
    pool.submit(job(data), wait=True).result()
    assert {child.pid for child in pool._children} == before
    pool.close()


async def test_a_full_queue_is_busy_and_what_was_taken_is_answered(pool: Pool) -> None:
    data = photograph(2000, 1500)
    pool.submit(job(data), wait=True).result()
    (worker,) = pool.pids
    taken, busy = [], 0
    os.kill(worker, signal.SIGSTOP)  # or it is done with one of them before the last is asked for
    for _ in range(8):
        try:
            taken.append(pool.submit(job(data, op="process"), wait=False))
        except PoolBusy:
            busy += 1
    os.kill(worker, signal.SIGCONT)
    assert PoolBusy().retry_after >= 1
    assert len(taken) in {2, 3}
    assert busy == 8 - len(taken)
    for future in taken:
        assert (await asyncio.wrap_future(future))[0][0]["metadata"]["width"] == 2000


def test_closing_answers_whoever_waits_and_leaves_no_process() -> None:
    pool = Pool(replace(PATIENT, queue=10))
    pool.submit(job(photograph()), wait=True).result()
    pids = pool.pids
    os.kill(pids[0], signal.SIGSTOP)  # it is at the first until it is killed
    futures = [pool.submit(job(photograph(), SLOW, "process"), wait=True) for _ in range(4)]
    until(lambda: pool.jobs() == (3, 1))
    pool.close()
    assert [type(future.exception()) for future in futures[1:]] == [PoolUnavailable] * 3
    assert all(gone(pid) for pid in pids)
    with pytest.raises(PoolUnavailable):
        pool.submit(job(b""), wait=True)


def test_it_works_from_a_forked_child_of_a_process_that_has_used_it() -> None:
    code = """
import os, sys, media_core
data = open(sys.argv[1], "rb").read()
first = media_core.process(data)
pid = os.fork()
if not pid:
    ok = media_core.process(data) == first
    media_core.close()
    os._exit(0 if ok else 1)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), media_core.process(data) == first)
"""
    assert _with_picture(code) == "0 True\n"


def test_it_works_under_two_gigabytes_of_address_space() -> None:
    code = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))
import media_core
print(media_core.process(open(sys.argv[1], "rb").read()).metadata.width)
"""
    assert _with_picture(code) == "4032\n"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_die_with_their_parent_also_in_the_middle_of_a_job(
    how: signal.Signals, tmp_path: Path
) -> None:
    code = """
import signal, sys, media_core
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
data = open(sys.argv[1], "rb").read()
media_core.process(data)
print("warm", flush=True)
while True:
    media_core.process(data)
"""
    path = tmp_path / "photograph"
    path.write_bytes(photograph())
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"warm\n"
    workers = children(parent.pid)
    assert len(workers) == 1
    parent.send_signal(how)
    parent.wait(60)
    parent.stdout.close()
    until(lambda: all(gone(pid) for pid in workers))


def test_a_worker_sees_no_secret_of_its_parent_and_is_confined(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETS_CONNECT_SECRET_KEY", "do not leak")
    pool.submit(job(encoded(scene(10, 10), "PNG")), wait=True).result()
    (pid,) = [child.pid for child in pool._children]
    assert resource.prlimit(pid, resource.RLIMIT_AS)[1] == pool.settings.memory_bytes
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == (0, 0)
    assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)
    with contextlib.suppress(PermissionError):  # but for root, not even its own account may look
        assert b"do not leak" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_the_observer_hears_stages_refusals_and_bytes() -> None:
    heard: list[tuple[str, str]] = []

    class Listener:
        def stages(self, seconds: Mapping[str, float]) -> None:
            heard.extend(("stage", name) for name in seconds)
            assert all(value >= 0 for value in seconds.values())

        def rejected(self, code: str) -> None:
            heard.append(("rejected", code))

        def bytes(self, kind: str, count: int) -> None:
            heard.append(("bytes", kind))
            assert count > 0

    media_core.set_observer(Listener())
    try:
        media_core.process(encoded(scene(20, 20), "PNG"), Spec(("small",), full_size=True))
        with pytest.raises(ImageRejected):
            media_core.process(b"no picture")
    finally:
        media_core.set_observer(media_core.SILENT)
    stages = ["queue", "open", "decode", "resize", "encode", "placeholder", "full", "total"]
    assert heard == [
        *(("stage", stage) for stage in stages),
        ("bytes", "original"),
        ("bytes", "variant"),
        ("bytes", "full"),
        ("rejected", "NOT_AN_IMAGE"),
    ]


def _with_picture(code: str) -> str:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(photograph())
        file.flush()
        done = run_python(code, file.name)
    assert done.stderr == ""
    return done.stdout
