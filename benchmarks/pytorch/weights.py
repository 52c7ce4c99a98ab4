"""Weights by their names in a checkpoint: random ones, or a file's."""
import json
from pathlib import Path

import torch

TYPES = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}


def shapes(config):
    """Name and shape of every tensor that answers need; the vision tower's last layer is none of them."""
    v, t = config.vision, config.language
    tower = "image_encoder.vision_model."
    yield tower + "embeddings.class_embedding", (v.hidden,)
    yield tower + "embeddings.patch_embedding.weight", (v.hidden, 3, v.patch, v.patch)
    yield tower + "embeddings.position_embedding.weight", (v.tokens, v.hidden)
    yield from _affine(tower + "pre_layrnorm", v.hidden)
    for i in range(v.layers - 1):
        layer = f"{tower}encoder.layers.{i}."
        for norm in ("layer_norm1", "layer_norm2"):
            yield from _affine(layer + norm, v.hidden)
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield from _affine(f"{layer}self_attn.{name}", v.hidden, v.hidden)
        yield from _affine(layer + "mlp.fc1", v.intermediate, v.hidden)
        yield from _affine(layer + "mlp.fc2", v.hidden, v.intermediate)
    yield from _affine("vision_embed_tokens", t.hidden, v.hidden)
    yield "language_model.model.embed_tokens.weight", (t.vocabulary, t.hidden)
    for i in range(t.layers):
        layer = f"language_model.model.layers.{i}."
        yield layer + "input_layernorm.weight", (t.hidden,)
        yield layer + "post_attention_layernorm.weight", (t.hidden,)
        yield layer + "self_attn.q_proj.weight", (t.heads * t.head, t.hidden)
        yield layer + "self_attn.k_proj.weight", (t.kv_heads * t.head, t.hidden)
        yield layer + "self_attn.v_proj.weight", (t.kv_heads * t.head, t.hidden)
        yield layer + "self_attn.o_proj.weight", (t.hidden, t.heads * t.head)
        yield layer + "mlp.gate_proj.weight", (t.intermediate, t.hidden)
        yield layer + "mlp.up_proj.weight", (t.intermediate, t.hidden)
        yield layer + "mlp.down_proj.weight", (t.hidden, t.intermediate)
    yield "language_model.model.norm.weight", (t.hidden,)
    if not t.tied:
        yield "language_model.lm_head.weight", (t.vocabulary, t.hidden)


def random(config, device, dtype):
    """Made where they are to lie: norms are 1, the rest so small that numbers stay in range."""
    torch.manual_seed(0)
    made = {}
    for name, shape in shapes(config):
        tensor = torch.empty(shape, device=device, dtype=dtype)
        made[name] = tensor.fill_(1.0) if "norm" in name and name.endswith("weight") else tensor.normal_(0, 0.02)
    return made


def read(folder, device, dtype):
    """Of all safetensors or, where there are none, .bin files of a folder."""
    found = {}
    files = sorted(Path(folder).glob("*.safetensors"))
    for file in files:
        found.update(_safetensors(file))
    for file in [] if files else sorted(Path(folder).glob("pytorch_model*.bin")):
        found.update(torch.load(file, map_location="cpu", weights_only=True))
    return {name: tensor.to(device=device, dtype=dtype) for name, tensor in found.items()}


def _affine(name, rows, columns=None):
    yield name + ".weight", (rows,) if columns is None else (rows, columns)
    yield name + ".bias", (rows,)


def _safetensors(file):
    data = bytearray(file.read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__" and entry["dtype"] in TYPES:
            begin, end = entry["data_offsets"]
            dtype = TYPES[entry["dtype"]]
            count = (end - begin) // torch.tensor([], dtype=dtype).element_size()
            yield name, torch.frombuffer(data, dtype=dtype, count=count, offset=start + begin).reshape(entry["shape"])
