"""Ten steps of each optimizer, schedules and clipping as PyTorch computes them, in float32.

python tools/golden/optim.py > packages/optim/test/golden.json && npx biome format --write packages/optim/test

The loss is `½ Σ curvature·p² − Σ pull_k·p` over a weight and a bias, with another pull at each step k.
"""

import json

import torch
from torch import optim

torch.manual_seed(3)
steps = 10
start = {"weight": torch.randn(2, 3).round(decimals=3), "bias": torch.randn(3).round(decimals=3)}
curvature = {name: (torch.rand_like(p) * 4).round(decimals=3) for name, p in start.items()}
pulls = [{name: torch.randn_like(p).round(decimals=3) for name, p in start.items()} for _ in range(steps)]


def rounded(x):
    return [rounded(item) for item in x] if isinstance(x, list) else float(f"{x:.9g}")


def numbers(tensors):
    return {name: rounded(p.tolist()) for name, p in tensors.items()}


def run(optimizer, options, make, exempt=True, clip=None):
    parameters = {name: torch.nn.Parameter(p.clone()) for name, p in start.items()}
    decay = options.get("weightDecay", 0.01 if optimizer == "AdamW" else 0)
    trained = make(
        [
            {"params": [parameters["weight"]], "weight_decay": decay},
            {"params": [parameters["bias"]], "weight_decay": 0 if exempt else decay},
        ]
    )
    path = []
    for pull in pulls:
        trained.zero_grad()
        loss = sum((0.5 * curvature[n] * p * p - pull[n] * p).sum() for n, p in parameters.items())
        loss.backward()
        if clip:
            clip(parameters.values())
        trained.step()
        path.append(numbers({n: p.detach() for n, p in parameters.items()}))
    return {"optimizer": optimizer, "options": options, "path": path}


def sgd(exempt=True, clip=None, **options):
    names = {"weightDecay": None, "decay": None, "learningRate": "lr"}
    torch_options = {names.get(key, key): value for key, value in options.items() if names.get(key, key)}
    return run("SGD", options, lambda groups: optim.SGD(groups, **torch_options), exempt, clip)


def adam(name, exempt=True, **options):
    betas = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    torch_options = {"lr": options["learningRate"], "betas": betas, "eps": options.get("epsilon", 1e-8)}
    return run(name, options, lambda groups: getattr(optim, name)(groups, **torch_options), exempt)


cases = [
    sgd(learningRate=0.1),
    sgd(learningRate=0.1, momentum=0.9),
    sgd(learningRate=0.05, momentum=0.9, nesterov=True, weightDecay=0.1),
    sgd(learningRate=0.05, momentum=0.8, dampening=0.3, weightDecay=0.1, decay="all", exempt=False),
    adam("Adam", learningRate=0.1),
    adam("Adam", learningRate=0.1, weightDecay=0.2),
    adam("Adam", learningRate=0.05, beta1=0.8, beta2=0.9, epsilon=0.01, weightDecay=0.2, decay="all", exempt=False),
    adam("AdamW", learningRate=0.1),
    adam("AdamW", learningRate=0.1, weightDecay=0.3, decay="all", exempt=False),
]
clipped = {
    "norm": sgd(learningRate=0.1, clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.7)),
    "value": sgd(learningRate=0.1, clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.4)),
}


def schedule(make):
    trained = optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(trained)
    factors = []
    for _ in range(12):
        factors.append(rounded(trained.param_groups[0]["lr"]))
        trained.step()
        scheduler.step()
    return factors


schedules = {
    "cosine": schedule(lambda o: optim.lr_scheduler.CosineAnnealingLR(o, T_max=12, eta_min=0.1)),
    "step": schedule(lambda o: optim.lr_scheduler.StepLR(o, step_size=5, gamma=0.3)),
}

print(
    json.dumps(
        {
            "torch": torch.__version__.split("+")[0],
            "start": numbers(start),
            "curvature": numbers(curvature),
            "pulls": [numbers(pull) for pull in pulls],
            "cases": cases,
            "clipped": clipped,
            "schedules": schedules,
        }
    )
)
