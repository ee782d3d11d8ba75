"""Ten steps of each optimizer, schedules and clipping as PyTorch computes them, in float32; Lion, which it lacks, as its paper says.

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


def named(name, defaults, exempt=True, **options):
    """A run of the optimizer of this name; `defaults` are PyTorch's names of the options that have others."""
    ours = {"learningRate": "lr", "epsilon": "eps", **defaults}
    skipped = ("weightDecay", "decay")
    torch_options = {ours.get(key, key): value for key, value in options.items() if key not in skipped}
    return run(name, options, lambda groups: getattr(optim, name)(groups, **torch_options), exempt)


class Lion(optim.Optimizer):
    """Chen et al. 2023, arXiv:2302.06675, algorithm 2."""

    def __init__(self, groups, lr=1e-4, betas=(0.9, 0.99)):
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": 0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (first, second), rate = group["betas"], group["lr"]
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                update = torch.sign(first * mean + (1 - first) * p.grad)
                p -= rate * (update + group["weight_decay"] * p)
                mean.copy_(second * mean + (1 - second) * p.grad)


def lion(exempt=True, **options):
    betas = (options.get("beta1", 0.9), options.get("beta2", 0.99))
    return run("Lion", options, lambda groups: Lion(groups, lr=options["learningRate"], betas=betas), exempt)


def nadam(exempt=True, **options):
    betas = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    torch_options = {
        "lr": options.get("learningRate", 2e-3),
        "betas": betas,
        "eps": options.get("epsilon", 1e-8),
        "momentum_decay": options.get("momentumDecay", 4e-3),
        "decoupled_weight_decay": options.get("decoupledWeightDecay", False),
    }
    return run("NAdam", options, lambda groups: optim.NAdam(groups, **torch_options), exempt)


adagrad_names = {"learningRateDecay": "lr_decay", "initialAccumulatorValue": "initial_accumulator_value"}

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
    named("RMSprop", {}),
    named("RMSprop", {}, learningRate=0.05, alpha=0.9, epsilon=0.01, weightDecay=0.2),
    named("RMSprop", {}, learningRate=0.02, momentum=0.9),
    named("RMSprop", {}, learningRate=0.02, centered=True, momentum=0.5, weightDecay=0.1, decay="all", exempt=False),
    named("Adagrad", adagrad_names),
    named(
        "Adagrad",
        adagrad_names,
        learningRate=0.3,
        learningRateDecay=0.1,
        initialAccumulatorValue=0.5,
        epsilon=0.01,
        weightDecay=0.2,
    ),
    named("Adadelta", {}),
    named("Adadelta", {}, learningRate=0.5, rho=0.7, epsilon=0.01, weightDecay=0.2, decay="all", exempt=False),
    nadam(),
    nadam(learningRate=0.1, weightDecay=0.2),
    nadam(learningRate=0.05, beta1=0.8, beta2=0.9, epsilon=0.01, momentumDecay=0.1, weightDecay=0.2),
    nadam(learningRate=0.1, weightDecay=0.3, decoupledWeightDecay=True, decay="all", exempt=False),
    lion(learningRate=0.01),
    lion(learningRate=0.05, beta1=0.7, beta2=0.8, weightDecay=0.3, decay="all", exempt=False),
]
clipped = {
    "norm": sgd(learningRate=0.1, clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.7)),
    "value": sgd(learningRate=0.1, clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.4)),
}


def schedule(make, count=12, each=lambda scheduler, position: scheduler.step()):
    trained = optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(trained)
    factors = []
    for position in range(count):
        factors.append(rounded(trained.param_groups[0]["lr"]))
        trained.step()
        if position + 1 < count:
            each(scheduler, position)
    return factors


lr = optim.lr_scheduler
measured = [3, 2.5, 2.4999, 2.6, 2.7, 2.8, 2.3, 2.3, 2.29, 2.31, 2.4, 2.5, 2.2, 2.2, 2.2, 2.2, 2.2, 2.2, 2.2, 2.2]


def plateau(sign=1, **options):
    return schedule(
        lambda o: lr.ReduceLROnPlateau(o, **options),
        count=len(measured) + 1,
        each=lambda scheduler, position: scheduler.step(sign * measured[position]),
    )


schedules = {
    "cosine": schedule(lambda o: lr.CosineAnnealingLR(o, T_max=12, eta_min=0.1)),
    "step": schedule(lambda o: lr.StepLR(o, step_size=5, gamma=0.3)),
    "multiStep": schedule(lambda o: lr.MultiStepLR(o, milestones=[2, 3, 8], gamma=0.3)),
    "exponential": schedule(lambda o: lr.ExponentialLR(o, gamma=0.8)),
    "restarts": schedule(lambda o: lr.CosineAnnealingWarmRestarts(o, T_0=4, eta_min=0.1)),
    "longerRestarts": schedule(lambda o: lr.CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2), count=30),
    "oneCycle": schedule(lambda o: lr.OneCycleLR(o, max_lr=1.0, total_steps=12, cycle_momentum=False)),
    "oneCycleLinear": schedule(
        lambda o: lr.OneCycleLR(
            o,
            max_lr=1.0,
            total_steps=12,
            pct_start=0.45,
            div_factor=10.0,
            final_div_factor=100.0,
            anneal_strategy="linear",
            cycle_momentum=False,
        )
    ),
    "oneCycleThreePhases": schedule(
        lambda o: lr.OneCycleLR(o, max_lr=1.0, total_steps=12, pct_start=0.4, three_phase=True, cycle_momentum=False)
    ),
    "warmupThenExponential": schedule(
        lambda o: lr.SequentialLR(
            o,
            [lr.LinearLR(o, start_factor=0.25, total_iters=3), lr.ExponentialLR(o, gamma=0.8)],
            milestones=[4],
        )
    ),
    "plateau": plateau(patience=2),
    "plateauCooldown": plateau(patience=1, factor=0.5, cooldown=2, threshold=0.05, threshold_mode="abs", min_lr=0.2),
    "plateauMaximum": plateau(sign=-1, mode="max", patience=1, factor=0.5),
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
            "measured": measured,
        }
    )
)
