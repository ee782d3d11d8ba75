"""Layers as PyTorch computes them: outputs, gradients by input and parameters, and state after training steps.

python tools/golden/layers.py > packages/layers/test/golden/layers.json && npx biome format --write packages/layers/test/golden
"""

import json

import torch
from torch import nn

torch.manual_seed(11)
cases = []


def numbers(x):
    values = [float(f"{value:.8g}") for value in x.detach().double().flatten().tolist()]
    return {"shape": list(x.shape), "data": values}


def add(module, options, x, *, kind=None, steps=1, training=True):
    """Runs `steps` times on slices of x (a leading dimension more than the input); keeps the last step's gradients."""
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    state = {key: numbers(value) for key, value in module.state_dict().items()}
    module.train(training)
    for step in range(steps):
        module.zero_grad()
        inputs = x[step].clone()
        if inputs.is_floating_point():
            inputs.requires_grad_()
        y = module(inputs)
        dy = torch.randn_like(y)
        y.backward(dy)
    cases.append(
        {
            "kind": kind or type(module).__name__,
            "options": options,
            "training": training,
            "state": state,
            "x": [numbers(item) for item in x[:steps]],
            "y": numbers(y),
            "dy": numbers(dy),
            "dx": numbers(inputs.grad) if inputs.is_floating_point() else None,
            "gradients": {key: numbers(value.grad) for key, value in module.named_parameters()},
            "after": {key: numbers(value) for key, value in module.named_buffers()},
        }
    )


def images(*shape):
    return torch.randn(1, *shape)


add(nn.Linear(5, 3), {"outFeatures": 3}, images(4, 5))
add(nn.Linear(3, 2, bias=False), {"outFeatures": 2, "inFeatures": 3, "bias": False}, images(2, 4, 3))
add(nn.Conv2d(2, 3, 3), {"outChannels": 3, "kernelSize": 3}, images(2, 2, 5, 6))
add(
    nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=2),
    {"outChannels": 6, "kernelSize": [3, 2], "stride": [2, 1], "padding": [1, 2], "dilation": [2, 1], "groups": 2},
    images(2, 4, 7, 5),
)
add(
    nn.Conv2d(3, 3, (3, 5), padding="same", groups=3, bias=False),
    {"outChannels": 3, "kernelSize": [3, 5], "padding": "same", "groups": 3, "bias": False},
    images(1, 3, 4, 6),
)
add(
    nn.MaxPool2d(3, stride=(1, 2), padding=1),
    {"kernelSize": 3, "stride": [1, 2], "padding": 1},
    images(2, 2, 5, 6) - 3,
)
add(nn.MaxPool2d((2, 3), dilation=(2, 1)), {"kernelSize": [2, 3], "dilation": [2, 1]}, images(1, 2, 6, 6))
add(nn.AvgPool2d(2), {"kernelSize": 2}, images(2, 2, 5, 4))
add(nn.AvgPool2d(3, stride=2, padding=1), {"kernelSize": 3, "stride": 2, "padding": 1}, images(1, 2, 6, 5))
add(
    nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False, ceil_mode=True),
    {"kernelSize": 3, "stride": 2, "padding": 1, "countPadding": False, "ceilMode": True},
    images(1, 2, 6, 5),
)
add(nn.AdaptiveAvgPool2d(1), {"keepDims": True}, images(2, 3, 4, 5), kind="GlobalAveragePool2d")
add(nn.Flatten(), {}, images(2, 3, 2))
add(nn.BatchNorm1d(3), {}, torch.randn(2, 4, 3) * 2 + 1, steps=2)
add(nn.BatchNorm1d(3, momentum=0.3, eps=1e-2), {"momentum": 0.3, "epsilon": 1e-2}, torch.randn(2, 2, 3, 4), steps=2)
add(nn.BatchNorm2d(2), {"features": 2}, torch.randn(3, 2, 2, 3, 2) * 3 - 1, steps=3)
add(nn.BatchNorm2d(2, affine=False), {"affine": False}, torch.randn(1, 3, 2, 2, 2))
trained = nn.BatchNorm2d(2)
trained(torch.randn(5, 2, 3, 3) * 2 + 4)
add(trained, {}, images(2, 2, 3, 2), training=False)
add(nn.LayerNorm(4), {}, images(2, 3, 4) * 2 + 1)
add(nn.LayerNorm((3, 4), eps=1e-3), {"shape": [3, 4], "epsilon": 1e-3}, images(2, 3, 4))
add(nn.LayerNorm(4, bias=False), {"shape": 4, "bias": False}, images(2, 4))
add(nn.Embedding(6, 3), {"entries": 6, "features": 3}, torch.tensor([[[1, 5, 1], [0, 2, 1]]]))
add(nn.Dropout(0.4), {"dropProbability": 0.4}, images(2, 3), training=False)

spread = torch.tensor([[[-1000.0, -30.0, -2.0, -0.5, 0.25], [0.5, 1.0, 3.0, 30.0, 1000.0]]])
add(nn.ReLU(), {}, spread)
add(nn.LeakyReLU(0.2), {"slope": 0.2}, spread)
add(nn.LeakyReLU(), {}, spread)
add(nn.GELU(approximate="tanh"), {}, spread)
add(nn.SiLU(), {}, spread)
add(nn.Softplus(), {}, spread)
add(nn.Sigmoid(), {}, spread)
add(nn.Tanh(), {}, spread)
add(nn.ELU(0.7), {"alpha": 0.7}, spread)
add(nn.Softmax(dim=-1), {}, spread)
add(nn.Softmax(dim=1), {"axis": 1}, images(2, 3, 4))
add(nn.LogSoftmax(dim=-1), {}, spread)
add(nn.LogSoftmax(dim=1), {"axis": 1}, images(2, 3, 4))
add(
    nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1, output_padding=1),
    {"outChannels": 2, "kernelSize": 3, "stride": 2, "padding": 1, "outputPadding": 1},
    images(2, 3, 3, 4),
)
add(
    nn.ConvTranspose2d(4, 6, (3, 2), stride=(1, 3), padding=(2, 0), output_padding=(1, 2), dilation=(2, 1), groups=2),
    {
        "outChannels": 6,
        "kernelSize": [3, 2],
        "stride": [1, 3],
        "padding": [2, 0],
        "outputPadding": [1, 2],
        "dilation": [2, 1],
        "groups": 2,
    },
    images(2, 4, 5, 3),
)
add(nn.ConvTranspose2d(2, 3, 4, bias=False), {"outChannels": 3, "kernelSize": 4, "bias": False}, images(1, 2, 3, 2))

add(nn.PReLU(), {}, spread)
add(nn.PReLU(3), {"perChannel": True}, images(2, 3, 4))
add(nn.Hardtanh(), {}, spread, kind="HardTanh")
add(nn.Hardtanh(-0.5, 2.0), {"low": -0.5, "high": 2}, spread, kind="HardTanh")

combinations = []


def combine(kind, options, f, *inputs):
    """Runs f on several inputs, or one, without parameters; integers have no gradients."""
    inputs = [x.clone().requires_grad_() if x.is_floating_point() else x for x in inputs]
    y = f(*inputs)
    dy = torch.randn_like(y) if y.requires_grad else None
    if dy is not None:
        y.backward(dy)
    combinations.append(
        {
            "kind": kind,
            "options": options,
            "inputs": [numbers(x) for x in inputs],
            "integers": not inputs[0].is_floating_point(),
            "y": numbers(y),
            "dy": None if dy is None else numbers(dy),
            "gradients": [] if dy is None else [numbers(x.grad) for x in inputs],
        }
    )


def pair():
    return torch.randn(2, 3, 1), torch.randn(2, 1, 4)


combine("Add", {}, lambda a, b, c: a + b + c, *pair(), torch.randn(2, 3, 4))
combine("Subtract", {}, torch.sub, *pair())
combine("Multiply", {}, lambda a, b, c: a * b * c, *pair(), torch.randn(1, 3, 4))
combine("Divide", {}, torch.div, *pair())
for axis in (1, 2, -1):
    combine("Concat", {"axis": axis}, lambda *x: torch.cat(x, axis), *(torch.randn(2, 3, 2, 3) for _ in range(3)))
combine("Permute", {"axes": [0, 3, 1, 2]}, lambda x: x.permute(0, 3, 1, 2), torch.randn(2, 3, 4, 2))
combine("OneHot", {"classes": 5}, lambda x: nn.functional.one_hot(x, 5), torch.tensor([[0, 4], [2, 2]]))
combine("ArgMax", {}, lambda x: x.detach().argmax(-1), torch.randn(3, 2, 4))
combine("ArgMax", {"axis": 1}, lambda x: x.detach().argmax(1), torch.randn(3, 2, 4))

add(nn.Conv1d(2, 3, 3), {"outChannels": 3, "kernelSize": 3}, images(2, 2, 7))
add(
    nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2),
    {"outChannels": 6, "kernelSize": 3, "stride": 2, "padding": 2, "dilation": 2, "groups": 2},
    images(2, 4, 8),
)
same = {"outChannels": 2, "kernelSize": 4, "padding": "same", "bias": False}
add(nn.Conv1d(2, 2, 4, padding="same", bias=False), same, images(1, 2, 5))
add(nn.Conv3d(2, 3, 2), {"outChannels": 3, "kernelSize": 2}, images(2, 2, 3, 4, 3))
add(
    nn.Conv3d(4, 2, (3, 2, 1), stride=(2, 1, 3), padding=(1, 2, 0), dilation=(1, 2, 1), groups=2),
    {
        "outChannels": 2,
        "kernelSize": [3, 2, 1],
        "stride": [2, 1, 3],
        "padding": [1, 2, 0],
        "dilation": [1, 2, 1],
        "groups": 2,
    },
    images(1, 4, 5, 3, 4),
)
same = {"outChannels": 1, "kernelSize": [2, 3, 4], "padding": "same", "bias": False}
add(nn.Conv3d(2, 1, (2, 3, 4), padding="same", bias=False), same, images(1, 2, 3, 4, 5))
# Both strides differ from the defaults and from each other, in every layer that has strides.
strides = {"outChannels": 2, "kernelSize": 3, "stride": [3, 2], "padding": [0, 1]}
add(nn.Conv2d(1, 2, 3, stride=(3, 2), padding=(0, 1)), strides, images(1, 1, 7, 6))
add(nn.ConvTranspose2d(1, 2, 3, stride=(3, 2), padding=(0, 1)), strides, images(1, 1, 3, 4))

pool = {"kernelSize": 3, "stride": 2, "padding": 1, "ceilMode": True}
torch_pool = {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}
add(nn.MaxPool1d(2), {"kernelSize": 2}, images(2, 3, 7))
add(nn.MaxPool1d(**torch_pool), pool, images(2, 2, 8) - 3)
add(nn.MaxPool1d(3, 1, dilation=2), {"kernelSize": 3, "stride": 1, "dilation": 2}, images(1, 2, 8))
add(nn.MaxPool3d(2), {"kernelSize": 2}, images(1, 2, 4, 5, 4))
add(nn.MaxPool3d(**torch_pool), pool, images(1, 2, 5, 4, 6) - 3)
add(
    nn.MaxPool3d((2, 3, 1), (1, 2, 2), (1, 0, 0), (2, 1, 3)),
    {"kernelSize": [2, 3, 1], "stride": [1, 2, 2], "padding": [1, 0, 0], "dilation": [2, 1, 3]},
    images(1, 2, 4, 5, 3),
)
add(nn.AvgPool1d(2), {"kernelSize": 2}, images(2, 3, 7))
add(nn.AvgPool3d(2), {"kernelSize": 2}, images(1, 2, 4, 5, 4))
sizes = {1: (2, 2, 8), 2: (1, 2, 6, 7), 3: (1, 2, 5, 4, 6)}
for kind, size in ((nn.AvgPool1d, sizes[1]), (nn.AvgPool2d, sizes[2]), (nn.AvgPool3d, sizes[3])):
    for count in (True, False):
        add(kind(**torch_pool, count_include_pad=count), {**pool, "countPadding": count}, images(*size))
add(
    nn.AvgPool3d((3, 1, 2), (2, 1, 1), (1, 0, 1)),
    {"kernelSize": [3, 1, 2], "stride": [2, 1, 1], "padding": [1, 0, 1]},
    images(1, 2, 5, 2, 4),
)
add(nn.AdaptiveAvgPool1d(1), {"keepDims": True}, images(2, 3, 5), kind="GlobalAveragePool1d")
add(nn.AdaptiveAvgPool3d(1), {"keepDims": True}, images(2, 2, 2, 3, 4), kind="GlobalAveragePool3d")
add(nn.AdaptiveAvgPool1d(3), {"outputSize": 3}, images(2, 2, 7))
add(nn.AdaptiveAvgPool1d(4), {"outputSize": 4}, images(1, 2, 3))
add(nn.AdaptiveAvgPool2d(2), {"outputSize": 2}, images(2, 2, 4, 6))
add(nn.AdaptiveAvgPool2d((3, 5)), {"outputSize": [3, 5]}, images(1, 2, 7, 4))

add(nn.GroupNorm(2, 4), {"groups": 2}, images(2, 4, 3, 2) * 2 + 1)
add(nn.GroupNorm(3, 6, eps=1e-2, bias=False), {"groups": 3, "channels": 6, "epsilon": 1e-2, "bias": False}, images(3, 6))
add(nn.GroupNorm(1, 2, affine=False), {"groups": 1, "affine": False}, images(2, 2, 5))
add(nn.RMSNorm(4), {}, images(2, 3, 4) * 2 + 1)
add(nn.RMSNorm((3, 4), eps=1e-2), {"shape": [3, 4], "epsilon": 1e-2}, images(2, 3, 4))
add(nn.RMSNorm(4, elementwise_affine=False), {"affine": False}, images(2, 4) * 1e-3)
add(nn.Dropout2d(0.4), {"dropProbability": 0.4}, images(2, 3, 2, 2), training=False)
add(nn.ZeroPad2d(1), {"padding": 1}, images(1, 2, 2, 3))
add(nn.ZeroPad2d((1, 2, 3, 0)), {"padding": [3, 0, 1, 2]}, images(1, 2, 2, 3))

for mode in ("nearest", "bilinear"):
    for factor in (2, (3, 1), 1.5, (0.6, 2.5)):
        option = list(factor) if isinstance(factor, tuple) else factor
        add(nn.Upsample(scale_factor=factor, mode=mode), {"scaleFactor": option, "mode": mode}, images(1, 2, 4, 5))
    for size in (7, (3, 8), (1, 2)):
        option = list(size) if isinstance(size, tuple) else size
        add(nn.Upsample(size=size, mode=mode), {"size": option, "mode": mode}, images(1, 2, 4, 5))
for size in ((7, 9), (1, 3)):
    corners = {"size": list(size), "mode": "bilinear", "alignCorners": True}
    add(nn.Upsample(size=size, mode="bilinear", align_corners=True), corners, images(1, 2, 4, 5))

print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases, "combinations": combinations}))
