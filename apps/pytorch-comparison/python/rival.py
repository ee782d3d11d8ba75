"""PyTorch's side of the comparison: reads a command a line (JSON) on standard input, answers a line each.

start: {"folder", "workload", "variant", "threads"}  loads data and weights, answers {"ready": true, "torch": version}
run:   {"steps": [[row, ...], ...]}                   one optimizer step a list of rows, answers {"seconds", "losses"}
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn


def mlp():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip


MODELS = {"mlp": mlp, "lenet": lenet}


def load(folder):
    """The arrays that the other side wrote, by name."""
    manifest = json.loads((folder / "manifest.json").read_text())
    return {
        entry["name"]: np.fromfile(folder / entry["file"], entry["dtype"]).reshape(entry["shape"]) for entry in manifest
    }


def make_optimizer(kind, parameters, variant):
    if kind == "adam":
        return torch.optim.Adam(parameters, lr=1e-3, fused=variant == "fused")
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9, fused=variant == "fused")


class Trainer:
    def __init__(self, command):
        torch.set_num_threads(command["threads"])
        arrays = load(Path(command["folder"]))
        self.x = torch.from_numpy(arrays.pop("x"))
        self.y = torch.from_numpy(arrays.pop("y")).long()
        self.model = MODELS[command["workload"]]()
        self.model.load_state_dict({key: torch.from_numpy(value.copy()) for key, value in arrays.items()})
        self.optimizer = make_optimizer(command["optimizer"], self.model.parameters(), command["variant"])
        self.loss = nn.CrossEntropyLoss()

    def run(self, steps):
        rows = [torch.tensor(step) for step in steps]
        losses = []
        start = time.perf_counter()
        for index in rows:
            self.optimizer.zero_grad()
            loss = self.loss(self.model(self.x[index]), self.y[index])
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "losses": [float(loss) for loss in losses]}


def main():
    trainer = None
    for line in sys.stdin:
        command = json.loads(line)
        if "steps" in command:
            answer = trainer.run(command["steps"])
        else:
            trainer = Trainer(command)
            answer = {"ready": True, "torch": torch.__version__}
        print(json.dumps(answer), flush=True)


main()
