"""CLIP, and how a Dragonfly's crops become rows of its language model."""
import torch
import torch.nn.functional as F

from attention import attend

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
REGIONS, CANDIDATES, KEPT, POOL = 4, 6, 3, 4


class Vision:
    def __init__(self, config, weights):
        self.config, self.w = config, weights
        tower = "image_encoder.vision_model."
        self.tower = tower
        device = weights[tower + "embeddings.class_embedding"].device
        self.mean = torch.tensor(MEAN, device=device).view(3, 1, 1)
        self.std = torch.tensor(STD, device=device).view(3, 1, 1)
        for i in range(config.vision.layers - 1):
            layer = f"{tower}encoder.layers.{i}.self_attn."
            for kind in ("weight", "bias"):
                parts = [weights.pop(f"{layer}{name}_proj.{kind}") for name in "qkv"]
                weights[f"{layer}qkv.{kind}"] = torch.cat(parts)

    def encode(self, crops):
        """uint8 [crops, 3, side, side] → hidden_states[-2], class token kept: [crops, tokens, hidden]."""
        v, tower = self.config.vision, self.tower
        embed = self.w[tower + "embeddings.patch_embedding.weight"]
        pixels = ((crops.float() / 255 - self.mean) / self.std).to(embed.dtype)
        # A convolution whose stride is its size is a product over unfolded patches.
        patches = pixels.unfold(2, v.patch, v.patch).unfold(3, v.patch, v.patch).permute(0, 2, 3, 1, 4, 5).reshape(len(crops), v.grid**2, -1)
        x = F.linear(patches, embed.flatten(1))
        first = self.w[tower + "embeddings.class_embedding"].expand(len(crops), 1, -1)
        x = torch.cat([first, x], 1) + self.w[tower + "embeddings.position_embedding.weight"]
        x = self._norm(x, tower + "pre_layrnorm")
        for i in range(v.layers - 1):
            x = self._layer(x, f"{tower}encoder.layers.{i}.")
        return x

    def rows(self, hidden):
        """Of one image: [crops, tokens, hidden] → the blocks that enter the language model, [rows, language hidden] each."""
        return self._selected(hidden) if self.config.version == 1 else self._pooled(hidden)

    def _selected(self, hidden):
        x = self._affine(hidden, "vision_embed_tokens")
        middle, high = x[1:5].float().mean(1), x[5:].float().mean(1)
        scores = (middle @ high.T).view(REGIONS, REGIONS, CANDIDATES).diagonal().T
        kept = scores.topk(KEPT, 1).indices + torch.arange(REGIONS, device=x.device)[:, None] * CANDIDATES
        return torch.cat([x[:5], x[5:][kept.flatten().sort().values]])

    def _pooled(self, hidden):
        """Means of 4 × 4 patches, taken before the projection: the same but for rounding, and 16 times fewer products."""
        grid, side = self.config.vision.grid, self.config.vision.grid // POOL
        cells = hidden[1:, 1:].reshape(-1, side, POOL, side, POOL, hidden.shape[-1]).mean((2, 4)).flatten(1, 2)
        assert grid == side * POOL
        rest = torch.cat([hidden[1:, :1], cells], 1)
        x = self._affine(torch.cat([hidden[0], rest.flatten(0, 1)]), "vision_embed_tokens")
        return x.split(self.config.blocks)

    def _layer(self, x, name):
        v = self.config.vision
        batch, tokens, hidden = x.shape
        qkv = self._affine(self._norm(x, name + "layer_norm1"), name + "self_attn.qkv")
        q, k, value = qkv.view(batch, tokens, 3, v.heads, hidden // v.heads).permute(2, 0, 3, 1, 4)
        mixed = attend(q, k, value, causal=False).transpose(1, 2).reshape(batch, tokens, hidden)
        x = x + self._affine(mixed, name + "self_attn.out_proj")
        y = self._affine(self._norm(x, name + "layer_norm2"), name + "mlp.fc1")
        y = y * torch.sigmoid(1.702 * y) if v.quick_gelu else F.gelu(y)
        return x + self._affine(y, name + "mlp.fc2")

    def _norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.w[name + ".weight"], self.w[name + ".bias"], self.config.vision.eps)

    def _affine(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])
