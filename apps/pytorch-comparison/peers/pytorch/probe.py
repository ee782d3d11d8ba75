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


def memory(field):
    """Bytes by a field of /proc/self/status: VmRSS now, VmHWM at most; where there is none, at most by getrusage.

    getrusage counts what the parent held when it started this process, so that it is second choice.
    """
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith(field))
    except FileNotFoundError:
        unit = 1 if sys.platform == "darwin" else 1024
        return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


import_bytes = memory("VmRSS")

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
            "risenBytes": memory("VmHWM") - import_bytes,
        }
    )
)
