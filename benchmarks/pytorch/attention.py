"""Attention by the best that this torch has."""
import inspect

import torch
import torch.nn.functional as F

_fused = getattr(F, "scaled_dot_product_attention", None)
_gqa = _fused is not None and "enable_gqa" in (getattr(_fused, "__doc__", None) or "")
try:
    _gqa = _gqa or "enable_gqa" in inspect.signature(_fused).parameters
except (TypeError, ValueError):
    pass  # a function written in C++


def attend(queries, keys, values, causal):
    """[batch, heads, queries, head] over [batch, kv heads, keys, head]; each kv head serves a group of heads."""
    group = queries.shape[1] // keys.shape[1]
    if _fused is None:
        return _by_hand(queries, keys, values, causal, group)
    if group == 1:
        return _fused(queries, keys, values, is_causal=causal)
    if _gqa:
        return _fused(queries, keys, values, is_causal=causal, enable_gqa=True)
    return _fused(queries, keys.repeat_interleave(group, 1), values.repeat_interleave(group, 1), is_causal=causal)


def _by_hand(queries, keys, values, causal, group):
    """torch before 2.0. The heads of a group are rows of one product, so that no key is copied."""
    batch, heads, length, head = queries.shape
    rows = queries.reshape(batch, heads // group, group * length, head) * head**-0.5
    scores = rows @ keys.transpose(-1, -2)
    if causal:
        mask = torch.full((length, length), float("-inf"), device=queries.device, dtype=queries.dtype).triu_(1)
        scores.view(batch, heads // group, group, length, length).add_(mask)
    return (scores.softmax(-1) @ values).reshape(batch, heads, length, head)
