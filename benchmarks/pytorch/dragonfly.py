"""A Dragonfly in plain PyTorch: crops of some images and one prompt in, greedy tokens out, stage by stage."""
import torch

from language import Language
from vision import Vision


class Dragonfly:
    def __init__(self, config, weights, newline, batch, length):
        self.config, self.newline = config, newline
        self.language = Language(config, weights, batch, length)
        self.vision = Vision(config, weights)

    def see(self, crops, max_num_crops):
        """uint8 [images, crops, 3, side, side] → [images, image positions, hidden]."""
        images, count = crops.shape[:2]
        hidden = torch.cat([self.vision.encode(part) for part in crops.flatten(0, 1).split(max_num_crops)])
        newline = self.language.embedding[self.newline].unsqueeze(0)
        return torch.stack([self._assemble(image, newline) for image in hidden.view(images, count, *hidden.shape[1:])])

    def prefill(self, seen, prompt, max_num_batched_tokens):
        """Image and prompt in one pass, some images at a time → logits [images, vocabulary]."""
        text = self.language.embedding[prompt].expand(len(seen), -1, -1)
        whole = torch.cat([seen, text], 1)
        at_once = max(1, max_num_batched_tokens // whole.shape[1])
        return torch.cat([
            self.language.forward(part, slice(first, first + len(part)), 0)
            for first, part in zip(range(0, len(whole), at_once), whole.split(at_once))])

    def decode(self, logits, start, tokens):
        """Always so many tokens, the first from the prefill's logits → ids [images, tokens]. Nothing is read back before the end."""
        ids = [logits.argmax(-1)]
        for position in range(start, start + tokens - 1):
            x = self.language.embedding[ids[-1]].unsqueeze(1)
            ids.append(self.language.forward(x, slice(0, len(x)), position).argmax(-1))
        return torch.stack(ids, 1)

    def _assemble(self, hidden, newline):
        return torch.cat([part for block in self.vision.rows(hidden) for part in (block, newline)])
