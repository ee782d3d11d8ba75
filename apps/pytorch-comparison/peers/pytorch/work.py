"""Training and inference, each in the ways in which PyTorch does them."""

import time

import torch

from arrays import load_arrays
from networks import LOSSES, make_model, make_optimizer


class Work:
    """`way`: eager, fused (the optimizer in one kernel), compiled (by torch.compile) or frozen (a traced graph)."""

    def __init__(self, command):
        self.threads = command["threads"]
        torch.set_num_threads(self.threads)
        torch.manual_seed(command.get("seed", 0))
        network = command["network"]
        arrays = load_arrays(command["folder"]) | load_arrays(command.get("samples"))
        self.x = arrays.pop("x")
        self.y = arrays.pop("y", self.x)
        self.model = make_model(network)
        self.model.load_state_dict(arrays)
        self.model.to(self.x.dtype)
        self.prepare(network, command["way"])

    def run(self, command):
        torch.set_num_threads(self.threads)
        batches = [self.given(torch.tensor(rows)) for rows in command["batches"]]
        results = []
        start = time.perf_counter()
        for i in range(command["steps"]):
            results.append(self.step(batches[i % len(batches)]))
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "values": [self.value(result) for result in results]}


class Training(Work):
    def prepare(self, network, way):
        self.loss = loss = LOSSES[network["loss"]]()
        self.optimizer = make_optimizer(network["optimizer"], self.model.parameters(), way == "fused")
        self.update = self.optimizer.step
        same = self.y is self.x

        def forward(rows):
            batch = self.x.index_select(0, rows)
            return loss(self.model(batch), batch if same else self.y.index_select(0, rows))

        self.forward = forward
        if way == "compiled":
            self.forward = torch.compile(forward)
            self.update = torch.compile(lambda: self.optimizer.step())

    def given(self, rows):
        return rows

    def step(self, rows):
        self.optimizer.zero_grad()
        loss = self.forward(rows)
        loss.backward()
        self.update()
        return loss.detach()

    def value(self, loss):
        return float(loss)

    def evaluate(self, command):
        """Mean loss and share of right answers over rows, in evaluation mode."""
        torch.set_num_threads(self.threads)
        self.model.eval()
        loss, right, count = 0.0, 0, 0
        with torch.inference_mode():
            for rows in map(torch.tensor, command["batches"]):
                logits, labels = self.model(self.x[rows]), self.y[rows]
                loss += float(self.loss(logits, labels)) * len(rows)
                right += int((logits.argmax(1) == labels).sum())
                count += len(rows)
        self.model.train()
        return {"loss": loss / count, "accuracy": right / count}


class Inference(Work):
    def prepare(self, network, way):
        self.model.eval()
        self.way = way
        if way == "compiled":
            self.model = torch.compile(self.model)

    def given(self, rows):
        batch = self.x[rows]
        if self.way == "frozen" and not isinstance(self.model, torch.jit.ScriptModule):
            with torch.inference_mode():
                self.model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(self.model, batch)))
        return batch

    def step(self, batch):
        with torch.inference_mode():
            return self.model(batch)

    def value(self, output):
        return float(output.double().square().mean())


TASKS = {"train": Training, "infer": Inference}
