"""PyTorch's side: reads a command a line (JSON) on standard input, answers each with a line.

{"hello"}                                             -> {"version"}
{"open": id, task, network, folder, way, threads}     -> {}   also samples: where x and y are, if not in folder; seed, for dropout
{"run": id, "batches": [[row, ...], ...], "steps": n} -> {"seconds", "values": [of each step]}
{"evaluate": id, "batches": [[row, ...], ...]}        -> {"loss", "accuracy"}
{"close": id}                                         -> {}
What it cannot do                                     -> {"cannot": why}
"""

import json
import math
import sys

import torch

from work import TASKS

opened = {}


def answer(command):
    if "open" in command:
        opened[command["open"]] = TASKS[command["task"]](command)
    elif "run" in command:
        result = opened[command["run"]].run(command)
        wrong = [value for value in result["values"] if not math.isfinite(value)]
        return {"cannot": f"a step gave {wrong[0]}"} if wrong else result
    elif "evaluate" in command:
        return opened[command["evaluate"]].evaluate(command)
    elif "close" in command:
        del opened[command["close"]]
    else:
        return {"version": torch.__version__}
    return {}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
