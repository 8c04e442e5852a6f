"""What episodes.ts wrote, as batches, and what makes them harder than they are."""
import glob
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

SIDE = 192
KEY_PLANES, STEP_PLANES = 4, 10  # a step comes with its truth


class Films:
    """All films of a folder, or of several (a,b); `refresh` takes in those written since."""

    def __init__(self, folder, wanted=lambda number: True):
        self.folder, self.wanted, self.films, self.known = folder, wanted, [], set()
        self.refresh()

    def refresh(self):
        paths = (path for folder in self.folder.split(",") for path in sorted(glob.glob(os.path.join(folder, "*.json"))))
        for path in paths:
            if path in self.known:
                continue
            self.known.add(path)
            with open(path) as file:
                film = json.load(file)
            number = int("".join(c for c in film["name"] if c.isdigit()) or 0)
            if not film["keys"] or not film["steps"] or film["keys"][0] != 0 or not self.wanted(number):
                continue
            planes = np.memmap(path[:-5] + ".bin", np.uint8, "r").reshape(-1, SIDE, SIDE)
            split = len(film["keys"]) * KEY_PLANES
            film["key_planes"] = planes[:split].reshape(-1, KEY_PLANES, SIDE, SIDE)
            film["step_planes"] = planes[split:].reshape(-1, STEP_PLANES, SIDE, SIDE)
            self.films.append(film)
        pairs = [(f, s) for f, film in enumerate(self.films) for s in range(len(film["steps"]))]
        hardness = [self._weight(self.films[f]["steps"][s]["forest"]) for f, s in pairs]
        self.pairs = np.array(pairs)
        self.chances = np.array(hardness) / max(1e-9, sum(hardness))

    @staticmethod
    def _weight(overlap):
        """Mostly what the forest gets wrong, but not what is lost altogether."""
        return 0.3 if overlap < 0.1 else 0.12 + min(0.6, 1 - overlap)

    def batch(self, random, size, memories):
        """uint8: steps [size, 10, 192, 192], keys [size, memories, 4, 192, 192]."""
        steps, keys = [], []
        for pair in random.choice(len(self.pairs), size, p=self.chances):
            f, s = self.pairs[pair]
            film = self.films[f]
            steps.append(film["step_planes"][s])
            count = len(film["key_planes"])
            first = 0 if random.random() < 0.75 else random.integers(count)
            chosen = [first, count - 1][:memories]
            keys.append(np.stack([film["key_planes"][k] for k in chosen]))
        return torch.from_numpy(np.stack(steps)), torch.from_numpy(np.stack(keys))


def _affine(random, size, zoom, shift, turn):
    out = []
    for _ in range(size):
        scale, angle = math.exp(random.uniform(-zoom, zoom)), random.uniform(-turn, turn)
        c, s = math.cos(angle) * scale, math.sin(angle) * scale
        out.append([[c, -s, random.uniform(-shift, shift)], [s, c, random.uniform(-shift, shift)]])
    return torch.tensor(out, dtype=torch.float32)


def _moved(planes, matrices):
    grid = F.affine_grid(matrices, list(planes.shape), align_corners=False)
    return F.grid_sample(planes, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _colours(random, size):
    """The same for a step and its keys: another light, other hues."""
    gain = torch.tensor(random.uniform(0.75, 1.25, (size, 1, 1)), dtype=torch.float32)
    lift = torch.tensor(random.uniform(-25, 25, (size, 1, 1)), dtype=torch.float32)
    turn = np.where(random.random(size) < 0.5, random.uniform(-3.14, 3.14, size), random.uniform(-0.2, 0.2, size))
    vivid = random.uniform(0.4, 1.3, size)
    c = torch.tensor((np.cos(turn) * vivid), dtype=torch.float32)[:, None, None]
    s = torch.tensor((np.sin(turn) * vivid), dtype=torch.float32)[:, None, None]

    def apply(lab):
        l = (lab[:, 0] - 128) * gain + 128 + lift
        a, b = lab[:, 1] - 128, lab[:, 2] - 128
        return torch.stack([l, c * a - s * b + 128, s * a + c * b + 128], 1).clamp(0, 255)

    return apply


def _drift(random, prior, forest, truth):
    """Errors of the kind that drift leaves: a part gone, or something beside the object taken for it."""
    size = prior.shape[0]
    y, x = torch.meshgrid(torch.arange(SIDE).float(), torch.arange(SIDE).float(), indexing="ij")
    for i in range(size):
        if random.random() < 0.55:
            continue
        inside = (truth[i] > 127).nonzero()
        if len(inside) == 0:
            continue
        for _ in range(random.integers(1, 3)):
            cy, cx = (float(v) + random.normal() * 14 for v in inside[random.integers(len(inside))])
            ry, rx, angle = random.uniform(6, 34), random.uniform(6, 34), random.uniform(0, 3.14)
            u = (x - cx) * math.cos(angle) + (y - cy) * math.sin(angle)
            v = (y - cy) * math.cos(angle) - (x - cx) * math.sin(angle)
            wave = 1 + 0.3 * torch.sin(3 * torch.atan2(v, u) + angle)
            soft = torch.sigmoid((wave - torch.sqrt((u / rx) ** 2 + (v / ry) ** 2)) * random.uniform(3, 12))
            value = 255.0 * (random.random() < 0.5)
            strength = random.uniform(0.4, 1)
            forest[i] = forest[i] + (value - forest[i]) * soft * strength
            prior[i] = prior[i] + (value - prior[i]) * soft * (1 if random.random() < 0.7 else strength)


def augmented(random, steps, keys):
    """Bytes to floats 0..255, changed at random. The truth stays the truth."""
    steps, keys = steps.float(), keys.float()
    size, memories = keys.shape[:2]
    steps = _moved(steps, _affine(random, size, 0.22, 0.15, 0.12))
    keys = keys.flatten(0, 1)
    keys = _moved(keys, _affine(random, size * memories, 0.15, 0.1, 0.1))
    flip = torch.from_numpy(random.random(size) < 0.5)
    steps[flip] = steps[flip].flip(-1)
    steps[flip, 7] = 256 - steps[flip, 7]
    keys = keys.view(size, memories, KEY_PLANES, SIDE, SIDE)
    keys[flip] = keys[flip].flip(-1)
    colours = _colours(random, size)
    steps[:, :3] = colours(steps[:, :3])
    for m in range(memories):
        keys[:, m, :3] = colours(keys[:, m, :3]) + torch.tensor(random.normal(0, 4, (size, 3, 1, 1)), dtype=torch.float32)
    blurred = torch.from_numpy(random.random(size) < 0.15)
    steps[blurred, :3] = F.avg_pool2d(steps[blurred, :3], 3, 1, 1)
    noise = torch.from_numpy(random.random(size) < 0.3).float()[:, None, None, None]
    grain = torch.Generator().manual_seed(int(random.integers(2**31)))
    steps[:, :3] += noise * torch.randn(size, 3, SIDE, SIDE, generator=grain) * 5
    steps[:, 7:9] = (steps[:, 7:9] - 128) * torch.tensor(random.uniform(0.5, 1.5, (size, 1, 1, 1)), dtype=torch.float32) + 128
    _drift(random, steps[:, 3], steps[:, 4], steps[:, 9])
    # So that it can be measured without a forest, too.
    alone = torch.from_numpy(random.random(size) < 0.08)
    steps[alone, 4] = steps[alone, 3]
    return steps.clamp(0, 255), keys.clamp(0, 255)
