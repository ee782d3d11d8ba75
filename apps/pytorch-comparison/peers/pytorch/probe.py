"""PyTorch in a process of its own: `python probe.py ASSIGNMENT` prints what it finds, as JSON.

The assignment: {"task", "network", "folder", "way", "threads", "steps", "batches"}.
"""

import json
import resource
import sys
import time

began = time.perf_counter()
import torch  # noqa: E402, F401

import_seconds = time.perf_counter() - began


def peak_bytes():
    """The most memory that the process has held; macOS counts bytes, others KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def held_bytes():
    """What it holds now; where the system does not say, the most until now."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except FileNotFoundError:
        return peak_bytes()


import_bytes = held_bytes()

from work import TASKS  # noqa: E402

assignment = json.loads(sys.argv[1])
batches = assignment["batches"]
work = TASKS[assignment["task"]](assignment)
first_steps = [1000 * work.run({"batches": [batches[i]], "steps": 1})["seconds"] for i in range(3)]
work.run({"batches": batches, "steps": assignment["steps"] - 3})
print(
    json.dumps(
        {
            "importSeconds": import_seconds,
            "importBytes": import_bytes,
            "firstSteps": first_steps,
            "risenBytes": peak_bytes() - import_bytes,
        }
    )
)
