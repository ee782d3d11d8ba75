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

print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}))
