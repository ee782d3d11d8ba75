"""Networks, losses and optimizers, as the other side describes them."""

import torch
from torch import nn


def window(layer):
    return layer["from"], layer["to"], layer["size"], layer["stride"], layer["padding"]


LAYERS = {
    "linear": lambda layer: nn.Linear(layer["from"], layer["to"], layer["bias"]),
    "convolution": lambda layer: nn.Conv2d(*window(layer)),
    "transposed": lambda layer: nn.ConvTranspose2d(*window(layer), layer["outputPadding"]),
    "batchNorm": lambda layer: nn.BatchNorm1d(layer["features"]),
    "dropout": lambda layer: nn.Dropout(layer["probability"]),
    "maxPool": lambda layer: nn.MaxPool2d(layer["size"]),
    "flatten": lambda layer: nn.Flatten(),
    "relu": lambda layer: nn.ReLU(),
    "tanh": lambda layer: nn.Tanh(),
    "sigmoid": lambda layer: nn.Sigmoid(),
}

LOSSES = {"crossEntropy": nn.CrossEntropyLoss, "meanSquaredError": nn.MSELoss}


def make_model(network):
    return nn.Sequential(*(LAYERS[layer["kind"]](layer) for layer in network["layers"]))


def make_optimizer(settings, parameters, fused=False):
    if settings["kind"] == "adam":
        return torch.optim.Adam(
            parameters,
            lr=settings["learningRate"],
            weight_decay=settings["weightDecay"],
            eps=settings["epsilon"],
            fused=fused,
        )
    return torch.optim.SGD(parameters, lr=settings["learningRate"], momentum=settings["momentum"], fused=fused)
