#!/usr/bin/env python3
"""Times a Dragonfly written in plain PyTorch: what the same shapes reach without this project's engine.

    python3 benchmarks/pytorch/bench.py --config CONFIG [--device cuda] [--batch 32] [--tokens 100]

CONFIG: a folder with config.json and CLIP config, or dragonfly-8b-v1, dragonfly-8b-v2. Weights are random. Needs torch (1.13 or newer) and nothing else."""
import argparse
import datetime
import json
import sys
from pathlib import Path

import torch

import config as configs
import weights
from clock import Clock, machine, median
from dragonfly import Dragonfly
from flops import needed
from report import markdown

NEWLINE = 3


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--config", required=True)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], help="default: float32 on a CPU, bfloat16 elsewhere")
    parser.add_argument("--batch", type=int, default=32, help="images of a run, all at a time")
    parser.add_argument("--tokens", type=int, default=100, help="of each answer")
    parser.add_argument("--prompt-tokens", type=int, default=39)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--max-num-crops", type=int, help="crops of a vision step; default: four images'")
    parser.add_argument("--max-num-batched-tokens", type=int, default=8192, help="positions of a prefill step")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def find(name):
    """Beside this folder lie the configs that have names, in a checkout and in what benchmarks/Portable publishes."""
    folder = Path(name)
    return folder if folder.is_dir() else Path(__file__).resolve().parent.parent / "configs" / name


def run(model, clock, crops, prompt, arguments, flops):
    before = clock.products()
    clock.forget_peak()
    start = clock.now()
    with torch.inference_mode():
        seen = model.see(crops.to(clock.device), arguments.max_num_crops)
        vision = clock.now()
        logits = model.prefill(seen, prompt, arguments.max_num_batched_tokens)
        prefill = clock.now()
        ids = model.decode(logits, model.config.image_positions + len(prompt), arguments.tokens)
        decode = clock.now()
        ids = ids.tolist()
    end, peak, card = clock.now(), clock.peak(), clock.card()
    rate = median(before + clock.products())
    images = len(ids)
    stages = {"vision": vision - start, "prefill": prefill - vision, "decode": decode - prefill}
    return {
        "images": images, "seconds": end - start, "imagesPerSecond": images / (end - start), "tokensPerSecond": sum(map(len, ids)) / (end - start), "gemmRate": rate, "peakBytes": peak, "cardBytes": card,
        "stageSeconds": stages, "otherSeconds": end - decode, "decodeStepSeconds": stages["decode"] / max(1, arguments.tokens - 1),
        "neededPrefixShared": {name: value * images for name, value in flops.items()},
        "neededPrefixSharedRatio": flops["total"] * images / (end - start) / rate, "visionRatio": flops["vision"] * images / stages["vision"] / rate,
        "prefillRatio": (flops["imagePrefill"] + flops["textPrefill"]) * images / stages["prefill"] / rate, "decodeRatio": flops["decode"] * images / stages["decode"] / rate,
    }


def main():
    arguments = options()
    config = configs.read(find(arguments.config))
    numerics = arguments.dtype or ("float32" if arguments.device == "cpu" else "bfloat16")
    clock = Clock(arguments.device, getattr(torch, numerics))
    arguments.max_num_crops = arguments.max_num_crops or 4 * config.crops
    torch.backends.cuda.matmul.allow_tf32 = False
    with torch.inference_mode():
        length = config.image_positions + arguments.prompt_tokens + arguments.tokens
        model = Dragonfly(config, weights.random(config, clock.device, clock.dtype), NEWLINE, arguments.batch, length)
        side = config.vision.image
        crops = torch.randint(0, 256, (arguments.batch, config.crops, 3, side, side), dtype=torch.uint8)
        prompt = torch.randint(0, config.language.vocabulary, (arguments.prompt_tokens,), device=clock.device)
    crops = crops.pin_memory() if clock.device.type == "cuda" else crops
    flops = needed(config, arguments.prompt_tokens, arguments.tokens)
    print("Warming up", file=sys.stderr)
    run(model, clock, crops, prompt, arguments, flops)
    repetitions = []
    for number in range(arguments.repetitions):
        print(f"Round {number + 1} of {arguments.repetitions}", file=sys.stderr)
        repetitions.append(run(model, clock, crops, prompt, arguments, flops))
    report = {
        "model": config.name, "device": str(clock.device), "numerics": numerics, "peakRate": clock.peak_rate(), "gemmSide": clock.side, "randomWeights": True, "date": datetime.date.today().isoformat(),
        "machine": machine(arguments.device), "threads": torch.get_num_threads(), "tokens": arguments.tokens, "results": [{"name": "caption", "prompts": 1, "images": arguments.batch, "repetitions": repetitions}]}
    page = markdown(report)
    print(page, end="")
    if arguments.markdown:
        arguments.markdown.write_text(page)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
