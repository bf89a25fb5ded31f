"""What processes are seen to use."""

import os
import subprocess
import sys
import time

from benchmarks.usage import Tree, postgres

BUSY = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass\n"
WAIT = "import sys; sys.stdin.read()"


def test_a_tree_counts_children_that_run_and_those_that_have_ended() -> None:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY.format(seconds=0.3)!r}]); {WAIT}"
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE) as process:
        tree = Tree(process.pid)
        deadline = time.monotonic() + 20
        while tree.cpu_seconds() < 0.3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert tree.cpu_seconds() >= 0.3
        assert tree.megabytes() > 1
        process.communicate()


def test_postgresql_is_found_by_its_main_process(seeded_url: str) -> None:
    server = postgres(seeded_url)
    assert server.root != os.getpid()
    assert server.cpu_seconds() > 0
