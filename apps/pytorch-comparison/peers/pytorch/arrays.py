"""The arrays that the other side wrote."""

import json
from pathlib import Path

import numpy as np
import torch


def load_arrays(folder):
    """Tensors by name; whole numbers, which are labels, as int64. None has none."""
    if folder is None:
        return {}
    folder = Path(folder)
    tensors = {}
    for entry in json.loads((folder / "manifest.json").read_text()):
        array = np.fromfile(folder / entry["file"], entry["dtype"]).reshape(entry["shape"])
        tensors[entry["name"]] = torch.from_numpy(array.astype("int64") if entry["dtype"] == "<i4" else array)
    return tensors
