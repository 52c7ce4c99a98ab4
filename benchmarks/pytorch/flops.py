"""What answers need, whatever is executed for them: matrix products, two operations a multiply-add. The formulas of `./pipeline bench engine`."""


def needed(config, prompt, generated):
    """Of one image with one prompt: vision, image prefill, text prefill, decode."""
    v, t = config.vision, config.language
    patches = v.tokens - 1
    embedding = 2 * patches * 3 * v.patch**2 * v.hidden
    layer = 2 * v.tokens * (4 * v.hidden**2 + 2 * v.hidden * v.intermediate) + 4 * v.tokens**2 * v.hidden
    projected = config.crops * v.tokens if config.version == 1 else sum(config.blocks)
    vision = config.crops * (embedding + (v.layers - 1) * layer) + 2 * projected * v.hidden * t.hidden
    head = 2 * t.hidden * t.vocabulary
    image = _layers(t, config.image_positions, 0)
    text = _layers(t, prompt, config.image_positions) + head
    decode = sum(_layers(t, 1, config.image_positions + prompt + step) + head for step in range(generated - 1))
    return {"vision": vision, "imagePrefill": image, "textPrefill": text, "decode": decode, "total": vision + image + text + decode}


def _layers(t, tokens, behind):
    width, kv = t.heads * t.head, t.kv_heads * t.head
    linear = 2 * (2 * t.hidden * width + 2 * t.hidden * kv + 3 * t.hidden * t.intermediate)
    return t.layers * (tokens * linear + 4 * width * (tokens * behind + tokens * (tokens + 1) / 2))
