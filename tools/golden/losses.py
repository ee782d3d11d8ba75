"""Losses and their gradients as PyTorch computes them, in float64.

python tools/golden/losses.py > packages/losses/test/golden.json && npx biome format --write packages/losses/test
"""

import json

import torch
from torch.nn import functional as F

torch.manual_seed(7)
inputs = {
    "logits": torch.randn(5, 4).mul(3).round(decimals=3).double(),
    "indices": torch.tensor([0, 3, 1, 1, 2]),
    "probabilities": torch.softmax(torch.randn(5, 4), 1).double(),
    "prediction": torch.randn(3, 4).round(decimals=3).double(),
    "target": torch.randn(3, 4).round(decimals=3).double(),
    "extremeLogits": torch.tensor([[-1000.0, 1000.0, -30.0, 30.0], [0.0, 0.5, -2.0, 3.0], [30.0, -30.0, 1e3, -1e3]]).double(),
    "bits": torch.tensor([[0, 1, 0, 1], [1, 0, 1, 0], [1, 0, 0.25, 1]]).double(),
}
class_weights = [0.5, 2.0, 1.0, 3.0]
cases = []


def rounded(x):
    return [rounded(item) for item in x] if isinstance(x, list) else float(f"{x:.10g}")


def add(loss, prediction, target, function, torch_options, options):
    for reduction in ("mean", "sum"):
        x = inputs[prediction].clone().requires_grad_()
        y = function(x, inputs[target], **torch_options, reduction=reduction)
        y.backward()
        cases.append(
            {
                "loss": loss,
                "options": {**options, "reduction": reduction},
                "prediction": prediction,
                "target": target,
                "value": rounded(y.item()),
                "gradient": rounded(x.grad.tolist()),
            }
        )


for smoothing in (0, 0.2):
    for weights in (None, class_weights):
        torch_options = {"label_smoothing": smoothing, "weight": weights and torch.tensor(weights).double()}
        options = {"labelSmoothing": smoothing, **({"classWeights": weights} if weights else {})}
        add("CrossEntropy", "logits", "indices", F.cross_entropy, torch_options, options)
        add("CrossEntropy", "logits", "probabilities", F.cross_entropy, torch_options, options)
        ignoring = {**torch_options, "ignore_index": 1}
        add("CrossEntropy", "logits", "indices", F.cross_entropy, ignoring, {**options, "ignoredIndex": 1})
add("MeanSquaredError", "prediction", "target", F.mse_loss, {}, {})
add("MeanAbsoluteError", "prediction", "target", F.l1_loss, {}, {})
add("BinaryCrossEntropyWithLogits", "extremeLogits", "bits", F.binary_cross_entropy_with_logits, {}, {})

numbers = {name: rounded(x.tolist()) for name, x in inputs.items()}
print(json.dumps({"torch": torch.__version__.split("+")[0], "inputs": numbers, "cases": cases}))
