"""A PostgreSQL server of the test's own, to be killed and started again."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
# The server refuses to run as root; its own system user exists wherever Debian installed it.
USER = "postgres" if os.getuid() == 0 else None

LIMIT = 2**20  # bytes; a whole number of MiB


class Cluster:
    """One server on a free port of 127.0.0.1, its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._programs = folder, PROGRAMS[0]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        # Its write-ahead log stays under the limit: a server that cannot write that ends itself.
        log = f"--wal-segsize={LIMIT // 2**20}"
        self._run(
            "initdb", "-D", str(folder), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", log
        )

    @property
    def url(self) -> str:
        """Its only database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Returns when it takes connections; a killed one's last processes may still be going."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self._folder / "server.log")
        for attempt in range(20):
            try:
                self._run("pg_ctl", "-D", str(self._folder), "-w", "-l", log, "-o", options, "start")
            except subprocess.CalledProcessError:
                if attempt == 19:
                    raise
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """SIGKILL to all of its processes, as if the machine lost power."""
        parent, *children = self._pids()
        for pid in (parent, *children):
            os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{parent}").exists() and "Z" not in _state(parent):
            time.sleep(0.01)

    @contextmanager
    def without_room(self) -> Iterator[None]:
        """No file of the running server may grow beyond LIMIT bytes, as if the disk were full."""
        self._allow(str(LIMIT))
        try:
            yield
        finally:
            self._allow("unlimited")

    def _allow(self, size: str) -> None:
        parent, *children = self._pids()
        for pid in (parent, *children):
            # Only the soft limit: who owns a process may raise that again without any right of root's.
            command = ["prlimit", f"--pid={pid}", f"--fsize={size}:"]
            subprocess.run(command, user=USER, check=pid == parent, stderr=subprocess.DEVNULL, cwd="/")

    def _pids(self) -> list[int]:
        """The server's parent process, then its children."""
        parent = int((self._folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [parent, *(int(pid) for pid in children.split())]

    def stop(self) -> None:
        """Ends it, whatever it is doing."""
        self._run("pg_ctl", "-D", str(self._folder), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(
            command, user=USER, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"
