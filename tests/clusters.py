"""Look at embedded PostgreSQL servers from outside, and remove them with all their files."""

import shutil
from contextlib import suppress

import psutil

from checker.paths import CoursePaths
from checker.probes.postgres.cluster import Cluster, find_cluster


def find_processes(cluster: Cluster) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(cluster.folder) in " ".join(process.cmdline()):
                found.append(process)
    return found


def kill_everything(paths: CoursePaths) -> None:
    processes = find_processes(find_cluster(paths))
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=10)


def remove_cluster(paths: CoursePaths) -> None:
    kill_everything(paths)
    shutil.rmtree(find_cluster(paths).folder)
