#!/usr/bin/env python3
"""Compares this program with results of the reference implementation: crops, v1's selection by what follows from it, greedy tokens.

    python3 benchmarks/pytorch/verify.py FOLDER [--device cuda]

FOLDER: as `./pipeline verify` takes it. Needs Pillow. Exit code 1 where a token differs."""
import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy
import torch
from PIL import Image

import config as configs
import weights
from dragonfly import Dragonfly


def crops(file, case, side):
    """As the reference cuts them: stretched, not padded; low, middle and high resolution, each row by row."""
    picture = Image.open(file).convert("RGB")
    parts = []
    for size in ([side, side], case["middle_resolution_wh"], case["high_resolution_wh"]):
        stretched = picture.resize(tuple(size))
        parts += [stretched.crop((x, y, x + side, y + side)) for y in range(0, size[1], side) for x in range(0, size[0], side)]
    found = [numpy.asarray(part) for part in parts]
    right = all(hashlib.sha256(part.tobytes()).hexdigest() == crop["sha256_rgb_hwc_u8"] for part, crop in zip(found, case["crops"]))
    return torch.from_numpy(numpy.stack(found)).permute(0, 3, 1, 2)[None], right


def check(folder, device):
    config = configs.read(folder / "model")
    newline = json.loads((folder / "model" / "config.json").read_text())["text_config"]["bos_token_id"] + 3
    failed = 0
    for file in sorted((folder / "cases").glob("*.json")):
        case = json.loads(file.read_text())
        if not {"image", "generate", "prompt_token_ids", "crops"} <= set(case):
            continue
        pixels, exact = crops(folder.parent / case["image"], case, config.vision.image)
        expected, prompt = case["generate"]["tokens"], torch.tensor(case["prompt_token_ids"], device=device)
        start = config.image_positions + len(prompt)
        model = Dragonfly(config, weights.read(folder / "model", device, torch.float32), newline, 1, start + len(expected))
        logits = model.prefill(model.see(pixels.to(device), 64), prompt, 1)
        tokens = model.decode(logits, start, len(expected))[0].tolist()
        right = tokens == expected and exact
        failed += not right
        print(f"{folder.name}/{file.stem:<24} {'equal' if right else f'DIFFERS: {tokens} where the reference has {expected}, crops equal: {exact}'}")
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    with torch.inference_mode():
        failures = [check(arguments.folder / version, arguments.device) for version in ("v1", "v2")]
    sys.exit(sum(failures) > 0)
