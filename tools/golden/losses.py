"""Losses and their gradients as PyTorch computes them, in float64.

python tools/golden/losses.py > packages/losses/test/golden.json && npx biome format --write packages/losses/test
"""

import json

import torch
from torch.nn import functional as F

torch.manual_seed(7)


def drawn(*shape):
    return torch.randn(*shape).round(decimals=3).double()


inputs = {
    "logits": torch.randn(5, 4).mul(3).round(decimals=3).double(),
    "indices": torch.tensor([0, 3, 1, 1, 2]),
    "probabilities": torch.softmax(torch.randn(5, 4), 1).double(),
    "prediction": drawn(3, 4),
    "target": drawn(3, 4),
    "extremeLogits": torch.tensor([[-1000.0, 1000.0, -30.0, 30.0], [0.0, 0.5, -2.0, 3.0], [30.0, -30.0, 1e3, -1e3]]).double(),
    "bits": torch.tensor([[0, 1, 0, 1], [1, 0, 1, 0], [1, 0, 0.25, 1]]).double(),
    # 0 and 1 where the target is the other, and numbers next to them where it is not.
    "chances": torch.tensor([[1, 0, 0.2, 0.7], [1e-9, 0.999, 1e-4, 0.5], [0.3, 0.1, 0.6, 1e-14]], dtype=torch.float64),
    "someZeros": torch.tensor([[0.5, 0.5, 0, 0], [0, 0, 1, 0], [0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]]).double(),
    "sides": torch.tensor([[1, -1, 1, 1], [-1, -1, 1, -1], [1, 1, -1, 1]]).double(),
    "likeness": torch.tensor([1, -1, -1]),
    "speech": drawn(3, 7, 4).mul(2),
    "labels": torch.tensor([[1, 2, 2], [3, -1, -1], [1, 3, -1]]),
    "frames": torch.tensor([7, 4, 6]),
    "labelLengths": torch.tensor([3, 1, 1]),
    "tooFewFrames": torch.tensor([3, 4, 6]),
}
class_weights = [0.5, 2.0, 1.0, 3.0]
cases = []


def rounded(x):
    if isinstance(x, list):
        return [rounded(item) for item in x]
    return x if isinstance(x, int) else float(f"{x:.10g}")


def add(loss, names, function, torch_options={}, options={}, reductions={"mean": "mean", "sum": "sum"}, log_softmax=False):
    """A case for each reduction, by its name here: inputs in their order, the first one a leaf, or a leaf's log_softmax."""
    for reduction, name in reductions.items():
        x = inputs[names[0]].clone().requires_grad_()
        prediction = F.log_softmax(x, -1) if log_softmax else x
        y = function(prediction, *(inputs[name] for name in names[1:]), **torch_options, reduction=name)
        y.backward()
        cases.append(
            {
                "loss": loss,
                "options": {**options, "reduction": reduction},
                "inputs": names,
                "logSoftmax": log_softmax,
                "value": rounded(y.item()),
                "gradient": rounded(x.grad.flatten().tolist()),
            }
        )


for weights in (None, class_weights):
    weight = {"weight": weights and torch.tensor(weights).double()}
    option = {"classWeights": weights} if weights else {}
    for smoothing in (0, 0.2):
        torch_options = {"label_smoothing": smoothing, **weight}
        options = {"labelSmoothing": smoothing, **option}
        add("CrossEntropy", ["logits", "indices"], F.cross_entropy, torch_options, options)
        add("CrossEntropy", ["logits", "probabilities"], F.cross_entropy, torch_options, options)
        ignoring = {**torch_options, "ignore_index": 1}
        add("CrossEntropy", ["logits", "indices"], F.cross_entropy, ignoring, {**options, "ignoredIndex": 1})
    add("NegativeLogLikelihood", ["logits", "indices"], F.nll_loss, weight, option, log_softmax=True)
    ignoring = {**option, "ignoredIndex": 1}
    add("NegativeLogLikelihood", ["logits", "indices"], F.nll_loss, {**weight, "ignore_index": 1}, ignoring, log_softmax=True)
    add("MultiMargin", ["logits", "indices"], F.multi_margin_loss, weight, option)
    squared = {**option, "power": 2, "margin": 0.5}
    add("MultiMargin", ["logits", "indices"], F.multi_margin_loss, {**weight, "p": 2, "margin": 0.5}, squared)

add("MeanSquaredError", ["prediction", "target"], F.mse_loss)
add("MeanAbsoluteError", ["prediction", "target"], F.l1_loss)
add("Huber", ["prediction", "target"], F.huber_loss)
add("Huber", ["prediction", "target"], F.huber_loss, {"delta": 0.4}, {"delta": 0.4})
add("SmoothL1", ["prediction", "target"], F.smooth_l1_loss)
add("SmoothL1", ["prediction", "target"], F.smooth_l1_loss, {"beta": 0.4}, {"beta": 0.4})
add("SmoothL1", ["prediction", "target"], F.smooth_l1_loss, {"beta": 0.0}, {"beta": 0})
add("BinaryCrossEntropy", ["chances", "bits"], F.binary_cross_entropy)
add("BinaryCrossEntropyWithLogits", ["extremeLogits", "bits"], F.binary_cross_entropy_with_logits)

divergences = {"mean": "mean", "sum": "sum", "batchMean": "batchmean"}
for target in ("probabilities", "someZeros"):
    add("KLDivergence", ["logits", target], F.kl_div, reductions=divergences, log_softmax=True)
inputs["logProbabilities"] = inputs["probabilities"].log()
logarithms = ({"log_target": True}, {"logTarget": True})
add("KLDivergence", ["logits", "logProbabilities"], F.kl_div, *logarithms, reductions=divergences, log_softmax=True)


def hinge(x, t, reduction):
    return getattr(F.relu(1 - t * x), reduction)()


def cosine_embedding(a, b, likeness=torch.ones(3), **options):
    return F.cosine_embedding_loss(a, b, likeness, **options)


def ctc(x, target, frames, lengths=torch.tensor([3, 1, 2]), **options):
    return F.ctc_loss(x.transpose(0, 1), target.clamp(0), frames, lengths, **options)


add("Hinge", ["prediction", "sides"], hinge)
add("HingeEmbedding", ["prediction", "sides"], F.hinge_embedding_loss)
add("HingeEmbedding", ["prediction", "sides"], F.hinge_embedding_loss, {"margin": 0.3}, {"margin": 0.3})
add("CosineEmbedding", ["prediction", "target"], cosine_embedding)
add("CosineEmbedding", ["prediction", "target", "likeness"], cosine_embedding)
add("CosineEmbedding", ["prediction", "target", "likeness"], cosine_embedding, {"margin": -0.5}, {"margin": -0.5})
add("CTC", ["speech", "labels", "frames"], ctc, log_softmax=True)
add("CTC", ["speech", "labels", "frames", "labelLengths"], ctc, log_softmax=True)
infinite = ({"zero_infinity": True}, {"zeroInfinity": True})
add("CTC", ["speech", "labels", "tooFewFrames"], ctc, *infinite, log_softmax=True)

numbers = {
    name: {"dtype": "f64" if x.is_floating_point() else "i32", "values": rounded(x.tolist())} for name, x in inputs.items()
}
print(json.dumps({"torch": torch.__version__.split("+")[0], "inputs": numbers, "cases": cases}))
