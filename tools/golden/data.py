"""Images resized, warped, jittered and normalised as PyTorch computes them, in float32.

python tools/golden/data.py > packages/data/test/golden.json && npx biome format --write packages/data/test
"""

import json
import math

import torch
from torch.nn import functional as F

torch.manual_seed(5)


def numbers(x):
    return {"shape": list(x.shape), "data": [float(f"{value:.7g}") for value in x.flatten().tolist()]}


image = torch.rand(2, 3, 5, 7)

resized = [
    {"size": size, "y": numbers(F.interpolate(image, size, mode="bilinear", antialias=True, align_corners=False))}
    for size in [[10, 14], [3, 3], [5, 4], [8, 2]]
]


def affine(degrees, translate, scale, shear):
    """About the centre; `theta` maps a result's pixel to where it is taken from, in PyTorch's coordinates of -1 to 1."""
    height, width = image.shape[2:]
    angle, slant = math.radians(degrees), math.tan(math.radians(shear))
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=torch.float64)
    matrix = scale * turn @ torch.tensor([[1, slant], [0, 1]], dtype=torch.float64)
    inverse = torch.linalg.inv(matrix)
    half = torch.diag(torch.tensor([(width - 1) / 2, (height - 1) / 2], dtype=torch.float64))
    shift = torch.tensor([[translate * width], [translate * height]], dtype=torch.float64)
    theta = torch.cat([torch.linalg.inv(half) @ inverse @ half, -torch.linalg.inv(half) @ inverse @ shift], 1)
    grid = F.affine_grid(theta.float()[None].expand(2, -1, -1), list(image.shape), align_corners=True)
    return F.grid_sample(image, grid, mode="bilinear", padding_mode="zeros", align_corners=True)


moves = [
    {"degrees": 30, "translate": 0, "scale": 1, "shear": 0},
    {"degrees": 0, "translate": 0.2, "scale": 1, "shear": 0},
    {"degrees": 0, "translate": 0, "scale": 1.5, "shear": 0},
    {"degrees": 0, "translate": 0, "scale": 1, "shear": 20},
    {"degrees": 12, "translate": 0.1, "scale": 0.8, "shear": 8},
]

grey = (0.299 * image[:, 0] + 0.587 * image[:, 1] + 0.114 * image[:, 2])[:, None]
jittered = {
    "brightness": (1.4 * image).clamp(0, 1),
    "contrast": (1.4 * image - 0.4 * grey.mean((1, 2, 3), keepdim=True)).clamp(0, 1),
    "saturation": (1.4 * image - 0.4 * grey).clamp(0, 1),
}

print(
    json.dumps(
        {
            "image": numbers(image),
            "resized": resized,
            "moved": [{**move, "y": numbers(affine(**move))} for move in moves],
            "jittered": {name: numbers(value) for name, value in jittered.items()},
            "statistics": {
                "mean": image.double().mean((0, 2, 3)).tolist(),
                "deviation": image.double().std((0, 2, 3), unbiased=False).tolist(),
            },
        }
    )
)
