"""python3 train.py --design memory --samples DIR --films DIR --out DIR --minutes 60
Trains on the clips of --samples, looks at the films of --films (never learnt from), keeps DIR/last.pt every two
minutes of training and goes on from it when started again. Where the file /tmp/quiet exists it waits. On a GPU where
PyTorch finds one, else on the processor."""
import argparse
import copy
import json
import os
import threading
import queue
import time

import numpy as np
import torch
import torch.nn.functional as F

from nets import designs, final_logit
from samples import Films, augmented


def loss_of(logit, truth):
    cross = F.binary_cross_entropy_with_logits(logit, truth)
    p = torch.sigmoid(logit)
    both = (p * truth).sum((1, 2, 3))
    either = (p + truth - p * truth).sum((1, 2, 3))
    seen = (truth.sum((1, 2, 3)) > 30).float()
    return cross + 0.5 * (seen * (1 - (both + 10) / (either + 10))).mean()


@torch.no_grad()
def judged(net, films, stride=1):
    """By film: mean overlap of the forest's masks and of the network's, in the crop."""
    net.eval()
    out = {}
    for film in films.films:
        steps = torch.from_numpy(np.array(film["step_planes"][::stride]))
        keys = torch.from_numpy(np.array(film["key_planes"][:1])).float()[None]
        before, after = [], []
        for part in steps.split(16):
            part = part.float()
            seen = part.to(device_of(net)), keys.expand(len(part), -1, -1, -1, -1).to(device_of(net))
            p = final_logit(net, *seen).cpu() > 0
            truth, forest = part[:, 9:10] > 127, part[:, 4:5] > 127
            for mask, into in ((forest, before), (p, after)):
                either = (mask | truth).sum((1, 2, 3)).float()
                into.append(((mask & truth).sum((1, 2, 3)) / either.clamp(min=1)))
        out[film["name"]] = (torch.cat(before).mean().item(), torch.cat(after).mean().item())
    return out


def device_of(net):
    return next(net.parameters()).device


def mean(scores, which):
    return 100 * sum(score[which] for score in scores.values()) / max(1, len(scores))


def has_fast_bfloat16(device):
    """Elsewhere PyTorch computes bfloat16 six times slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    try:
        with open("/proc/cpuinfo") as file:
            flags = file.read()
        return "amx_bf16" in flags or "avx512_bf16" in flags
    except OSError:
        return False


class Feed:
    """Batches made on a thread of their own. The batch of a step is the same whenever training is stopped and resumed,
    as long as no clips are added."""

    def __init__(self, films, size, step):
        self.films, self.size, self.step, self.queue = films, size, step, queue.Queue(3)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        last = time.time()
        while True:
            if time.time() - last > 60:
                self.films.refresh()
                last = time.time()
            random = np.random.default_rng([1, self.step])
            steps, keys = self.films.batch(random, self.size, 1 if random.random() < 0.75 else 2)
            self.queue.put(augmented(random, steps, keys))
            self.step += 1


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--design", choices=designs, default="memory")
    ask.add_argument("--samples", required=True)
    ask.add_argument("--films", required=True)
    ask.add_argument("--out", required=True)
    ask.add_argument("--minutes", type=float, default=60)
    ask.add_argument("--steps", type=int, help="in place of --minutes: the same on any machine")
    ask.add_argument("--batch", type=int, default=16)
    ask.add_argument("--rate", type=float, default=2e-3)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--start", help="weights to begin with")
    a = ask.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    half = has_fast_bfloat16(device)
    os.makedirs(a.out, exist_ok=True)
    net = designs[a.design]().to(device)
    if a.start:
        net.load_state_dict(torch.load(a.start, map_location=device)["average"])
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), a.rate, weight_decay=1e-3)
    state = {"step": 0, "seconds": 0.0, "curve": []}
    last = os.path.join(a.out, "last.pt")
    if os.path.exists(last):
        kept = torch.load(last, map_location=device)
        net.load_state_dict(kept["net"])
        average.load_state_dict(kept["average"])
        optimiser.load_state_dict(kept["optimiser"])
        state = kept["state"]
    held = Films(a.samples, lambda number: number % 20 == 0)
    films = Films(a.films)
    feed = Feed(Films(a.samples, lambda number: number % 20 != 0), a.batch, state["step"])
    print(a.design, "on", device.type, sum(p.numel() for p in net.parameters()), "weights,", len(feed.films.pairs), "steps", flush=True)
    running, saved, looked, began = [], state["seconds"], state["seconds"], time.time()

    def save():
        weights = {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**weights, "state": state, "design": a.design}, last + ".tmp")
        os.replace(last + ".tmp", last)

    def look():
        real, own = judged(average, films, 2), judged(average, held)
        point = {"step": state["step"], "seconds": state["seconds"], "loss": float(np.mean(running[-200:] or [0]))}
        point.update(film=mean(real, 1), forest=mean(real, 0), clip=mean(own, 1), clipForest=mean(own, 0))
        state["curve"].append(point)
        with open(os.path.join(a.out, "curve.json"), "w") as file:
            json.dump(state["curve"], file)
        print(json.dumps(point), flush=True)
        return real

    def progress():
        return state["step"] / a.steps if a.steps else state["seconds"] / (a.minutes * 60)

    while progress() < 1:
        while os.path.exists("/tmp/quiet"):
            time.sleep(1)
            began = time.time()
        rate = a.rate * min(1, (state["step"] + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * progress())))
        for group in optimiser.param_groups:
            group["lr"] = rate
        steps, keys = (each.to(device) for each in feed.queue.get())
        net.train()
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            logit = final_logit(net, steps, keys)
        loss = loss_of(logit, steps[:, 9:10] / 255)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        running.append(loss.item())
        keep = min(0.998, (state["step"] + 1) / (state["step"] + 20))
        with torch.no_grad():
            for mine, theirs in zip(average.state_dict().values(), net.state_dict().values()):
                if mine.dtype.is_floating_point:
                    mine.mul_(keep).add_(theirs, alpha=1 - keep)
                else:
                    mine.copy_(theirs)
        state["step"] += 1
        state["seconds"] += time.time() - began
        began = time.time()
        if state["step"] % 50 == 0:
            print(state["step"], "%.0f s, loss %.4f" % (state["seconds"], np.mean(running[-50:])), flush=True)
        if state["seconds"] - saved > 120:
            save()
            saved = state["seconds"]
        if state["seconds"] - looked > 1500:
            look()
            looked, began = state["seconds"], time.time()
    for name, (before, after) in sorted(look().items(), key=lambda item: item[1][1] - item[1][0]):
        print("%-20s forest %5.1f network %5.1f" % (name, 100 * before, 100 * after))
    save()


if __name__ == "__main__":
    main()
