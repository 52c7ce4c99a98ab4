"""Llama with grouped key-value heads and a cache that is allocated once."""
import math

import torch
import torch.nn.functional as F

from attention import attend


class Language:
    def __init__(self, config, weights, batch, length):
        t = self.config = config.language
        self.w = {name[len("language_model."):]: weights.pop(name) for name in list(weights) if name.startswith("language_model.")}
        for i in range(t.layers):
            layer = f"model.layers.{i}."
            self.w[layer + "qkv"] = torch.cat([self.w.pop(f"{layer}self_attn.{name}_proj.weight") for name in "qkv"])
            self.w[layer + "gate_up"] = torch.cat([self.w.pop(f"{layer}mlp.{name}_proj.weight") for name in ("gate", "up")])
        self.embedding = self.w["model.embed_tokens.weight"]
        self.head = self.embedding if t.tied else self.w["lm_head.weight"]
        device, dtype = self.embedding.device, self.embedding.dtype
        shape = (t.layers, batch, t.kv_heads, length, t.head)
        self.keys, self.values = torch.zeros(shape, device=device, dtype=dtype), torch.zeros(shape, device=device, dtype=dtype)
        angles = torch.arange(length, device=device).float()[:, None] * frequencies(t, device)
        angles = torch.cat([angles, angles], -1)
        self.cos, self.sin = angles.cos().to(dtype), angles.sin().to(dtype)

    def forward(self, x, rows, start):
        """[batch, positions, hidden] from position `start` on, into these rows of the cache → logits of the last one, float32 [batch, vocabulary]."""
        for i in range(self.config.layers):
            x = self._layer(x, i, rows, start)
        return F.linear(self._norm(x[:, -1], "model.norm.weight"), self.head).float()

    def _layer(self, x, i, rows, start):
        t, layer = self.config, f"model.layers.{i}."
        batch, length, _ = x.shape
        end = start + length
        qkv = F.linear(self._norm(x, layer + "input_layernorm.weight"), self.w[layer + "qkv"]).view(batch, length, -1, t.head).transpose(1, 2)
        q, k, value = qkv.split([t.heads, t.kv_heads, t.kv_heads], 1)
        self.keys[i, rows, :, start:end] = self._rotate(k, start, end)
        self.values[i, rows, :, start:end] = value
        mixed = attend(self._rotate(q, start, end), self.keys[i, rows, :, :end], self.values[i, rows, :, :end], causal=length > 1)
        x = x + F.linear(mixed.transpose(1, 2).reshape(batch, length, -1), self.w[layer + "self_attn.o_proj.weight"])
        gate, up = F.linear(self._norm(x, layer + "post_attention_layernorm.weight"), self.w[layer + "gate_up"]).chunk(2, -1)
        return x + F.linear(F.silu(gate) * up, self.w[layer + "mlp.down_proj.weight"])

    def _rotate(self, x, start, end):
        first, second = x.chunk(2, -1)
        return x * self.cos[start:end] + torch.cat([-second, first], -1) * self.sin[start:end]

    def _norm(self, x, name):
        weight, eps = self.w[name], self.config.eps
        if hasattr(F, "rms_norm"):
            return F.rms_norm(x, x.shape[-1:], weight, eps)
        wide = x.float()
        return weight * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)).to(x.dtype)


def frequencies(t, device):
    """Rotary frequencies; llama3's scaling stretches the slow ones and blends those between."""
    plain = 1 / t.theta ** (torch.arange(0, t.head, 2, device=device).float() / t.head)
    if not t.scaling:
        return plain
    factor, low, high = (t.scaling[name] for name in ("factor", "low_freq_factor", "high_freq_factor"))
    turns = t.scaling["original_max_position_embeddings"] * plain / (2 * math.pi)
    share = ((turns - low) / (high - low)).clamp(0, 1)
    return (1 - share) * plain / factor + share * plain
