"""python3 export.py DIR/last.pt OUT [--strength 0.4]
Writes memorise.onnx and refine.onnx (of any design: the two others for closed-loop.ts alone), and golden inputs with what PyTorch makes of them (raw little-endian),
which pack.ts makes golden samples of."""
import argparse
import os

import numpy as np
import torch
import torch.nn as nn

from nets import designs

KEYS, WIDTH, PLACES = 2, 48, 24 * 24


class Memorise(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, key):
        return self.net.memorise(key.float()).flatten(2)


class Refine(nn.Module):
    """Each step starts from the mask that the one before left, so a part of what one step would change does in the end
    what all of it would, and errors of a single step fade instead of growing."""

    def __init__(self, net, strength):
        super().__init__()
        self.net, self.strength = net, strength

    def forward(self, step, memory):
        return self.strength * self.net.refine(step.float(), memory).clamp(-12, 12)


def golden(out, name, tensor):
    array = tensor.detach().numpy()
    array.astype("<f4" if array.dtype == np.float32 else np.uint8).tofile(os.path.join(out, name))


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("weights")
    ask.add_argument("out")
    ask.add_argument("--strength", type=float, default=0.4)
    a = ask.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.manual_seed(1)
    kept = {"design": "memory"} if a.weights == "random" else torch.load(a.weights, map_location="cpu")
    net = designs[kept["design"]]()
    if "average" in kept:
        net.load_state_dict(kept["average"])
    net.eval()
    smooth = nn.functional.interpolate(torch.rand(1, 13, 24, 24), (192, 192), mode="bilinear", align_corners=False)
    key, step = (smooth[:, :4] * 255).to(torch.uint8), (smooth[:, 4:] * 255).to(torch.uint8)
    how = {"opset_version": 17, "do_constant_folding": True}
    with torch.no_grad():
        memorise, refine = Memorise(net), Refine(net, a.strength)
        one = memorise(key)
        memory = torch.cat([one, one], 2)
        delta = refine(step, memory)
        torch.onnx.export(
            memorise, (key,), os.path.join(a.out, "memorise.onnx"), input_names=["key"], output_names=["memory"], **how
        )
        torch.onnx.export(
            refine, (step, memory), os.path.join(a.out, "refine.onnx"), input_names=["step", "memory"], output_names=["delta"], **how
        )
    golden(a.out, "golden-key.bin", key)
    golden(a.out, "golden-one.bin", one)
    golden(a.out, "golden-step.bin", step)
    golden(a.out, "golden-memory.bin", memory)
    golden(a.out, "golden-delta.bin", delta)
    assert one.shape == (1, 2 * WIDTH + 1, PLACES) and memory.shape[2] == KEYS * PLACES
    print({name: os.path.getsize(os.path.join(a.out, name)) for name in sorted(os.listdir(a.out))})


if __name__ == "__main__":
    main()
