"""Shapes of a Dragonfly, from the config.json folders that the engine reads too."""
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Vision:
    hidden: int
    intermediate: int
    layers: int
    heads: int
    image: int
    patch: int
    eps: float
    quick_gelu: bool

    @property
    def grid(self):
        return self.image // self.patch

    @property
    def tokens(self):
        return self.grid**2 + 1


@dataclass(frozen=True)
class Language:
    vocabulary: int
    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    eps: float
    theta: float
    tied: bool
    scaling: dict


@dataclass(frozen=True)
class Config:
    name: str
    version: int
    vision: Vision
    language: Language

    @property
    def crops(self):
        return 29 if self.version == 1 else 41

    @property
    def blocks(self):
        """Rows of each part of an image in the language model; a newline follows each."""
        tokens = self.vision.tokens
        return [tokens] * 17 if self.version == 1 else [tokens] + [37] * 40

    @property
    def image_positions(self):
        return sum(self.blocks) + len(self.blocks)


def read(folder):
    folder = Path(folder)
    root = json.loads((folder / "config.json").read_text())
    text = root["text_config"]
    clip = json.loads((folder / root["image_encoder"] / "config.json").read_text())
    clip = clip.get("vision_config", clip)
    scaling = text.get("rope_scaling")
    if scaling and scaling.get("rope_type", scaling.get("type")) != "llama3":
        raise SystemExit(f"{folder}: text_config.rope_scaling is {scaling}, and this program knows llama3's alone: use a config with that or none.")
    vision = Vision(
        clip.get("hidden_size", 768), clip.get("intermediate_size", 3072), clip.get("num_hidden_layers", 12), clip.get("num_attention_heads", 12),
        clip.get("image_size", 224), clip.get("patch_size", 32), clip.get("layer_norm_eps", 1e-5), clip.get("hidden_act", "quick_gelu") == "quick_gelu")
    heads, hidden = text.get("num_attention_heads", 32), text.get("hidden_size", 4096)
    language = Language(
        text.get("vocab_size", 32000), hidden, text.get("intermediate_size", 11008), text.get("num_hidden_layers", 32), heads,
        text.get("num_key_value_heads") or heads, text.get("head_dim") or hidden // heads, text.get("rms_norm_eps", 1e-6), text.get("rope_theta", 10000.0),
        text.get("tie_word_embeddings", False), scaling)
    version = root.get("dragonfly_version") or {7: 1, 24: 2}[vision.grid]
    return Config(folder.resolve().name, version, vision, language)
