"""Three designs. Each takes bytes as floats (0..255) and answers what to add to the forest's mask, in logits."""
import torch
import torch.nn as nn
import torch.nn.functional as F

SUREST = 4.6  # logits that the forest's mask can have; main/refine-mask/blend.ts has the same


def block(i, o, stride=1, kernel=3, dilation=1):
    return nn.Sequential(
        nn.Conv2d(i, o, kernel, stride, kernel // 2 * dilation, dilation=dilation, bias=False), nn.BatchNorm2d(o), nn.ReLU(True)
    )


class Residual(nn.Module):
    def __init__(self, channels, dilation=1):
        super().__init__()
        self.first = block(channels, channels, 1, 3, dilation)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        return F.relu(x + self.second(self.first(x)))


class Encoder(nn.Module):
    """L, a, b to features at strides 2, 4 and 8."""

    def __init__(self, c1, c2, c3):
        super().__init__()
        self.at2 = block(3, c1, 2)
        self.at4 = nn.Sequential(block(c1, c2, 2), Residual(c2))
        self.at8 = nn.Sequential(block(c2, c3, 2), Residual(c3), Residual(c3, 2))

    def forward(self, lab):
        half = self.at2(lab / 64 - 2)
        quarter = self.at4(half)
        return half, quarter, self.at8(quarter)


class Sides(nn.Module):
    """Warped mask, forest's mask, colour ratio, residual and flow, at strides 2, 4 and 8."""

    def __init__(self, c1=12, c2=16, c3=24):
        super().__init__()
        self.at2, self.at4, self.at8 = block(6, c1, 2), block(c1, c2, 2), block(c2, c3, 2)

    def forward(self, planes):
        half = self.at2(planes / 64 - 2)
        quarter = self.at4(half)
        return half, quarter, self.at8(quarter)


class Decoder(nn.Module):
    def __init__(self, deepest, c1, c2, c3, side):
        super().__init__()
        self.at8 = nn.Sequential(block(deepest + c3 + side[2], c3), Residual(c3, 2))
        self.at4 = nn.Sequential(block(c3 + c2 + side[1], c2), Residual(c2))
        self.at2 = nn.Sequential(block(c2 + c1 + side[0], c1), block(c1, c1))
        self.out = nn.Conv2d(c1, 4, 3, 1, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, features, sides, extra=None):
        deep = [features[2], sides[2]] + ([] if extra is None else [extra])
        x = self.at8(torch.cat(deep, 1))
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        x = self.at4(torch.cat([x, features[1], sides[1]], 1))
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        x = self.at2(torch.cat([x, features[0], sides[0]], 1))
        return F.pixel_shuffle(self.out(x), 2)


class Stateless(nn.Module):
    """Design A: a U-Net on the crop alone."""

    keys_used = False

    def __init__(self, c1=16, c2=32, c3=64):
        super().__init__()
        self.encoder, self.sides = Encoder(c1, c2, c3), Sides()
        self.decoder = Decoder(0, c1, c2, c3, (12, 16, 24))

    def memorise(self, key):
        """Nothing, in the shape of what Memory remembers."""
        return key.new_zeros(key.shape[0], 97, 24, 24) * key.mean()

    def refine(self, step, memory):
        return self(step) + 0 * memory.mean()

    def forward(self, step, keys=None):
        return self.decoder(self.encoder(step[:, :3]), self.sides(step[:, 3:9]))


class Memory(nn.Module):
    """Design B: the same, and every place of the crop looks up what looks like it in the key crops."""

    keys_used = True

    def __init__(self, c1=16, c2=32, c3=64, width=48):
        super().__init__()
        self.encoder, self.sides = Encoder(c1, c2, c3), Sides()
        self.key = nn.Conv2d(c3 + 2, width, 1)
        self.value = nn.Sequential(block(c3 + 64, width, 1), nn.Conv2d(width, width, 3, 1, 1))
        self.sharpness = nn.Parameter(torch.tensor(1.5))
        self.decoder = Decoder(width + 5, c1, c2, c3, (12, 16, 24))
        line = (torch.arange(24).float() + 0.5) / 12 - 1
        self.register_buffer("place", torch.stack(torch.meshgrid(line, line, indexing="xy"))[None], persistent=False)

    def keyed(self, features):
        place = self.place.expand(features.shape[0], -1, -1, -1)
        return F.normalize(self.key(torch.cat([features, place], 1)), dim=1)

    def memorise(self, key):
        """[n, 4, 192, 192] to what is remembered of a key: [n, width + width + 1, 24, 24]."""
        features = self.encoder(key[:, :3])[2]
        mask = key[:, 3:4] / 255
        value = self.value(torch.cat([features, F.pixel_unshuffle(mask, 8) * 2 - 1], 1))
        return torch.cat([self.keyed(features), value, F.avg_pool2d(mask, 8)], 1)

    def look_up(self, query, memory):
        """memory [n, 2 width + 1, places]; the readout, how much of it is object, and how near object and rest are."""
        width = query.shape[1]
        key, value, mask = memory[:, :width], memory[:, width : 2 * width], memory[:, 2 * width :]
        likeness = torch.bmm(query.flatten(2).transpose(1, 2), key)  # [n, places here, places there], -1..1
        weights = torch.softmax(likeness * torch.exp(self.sharpness * 2), 2)
        read = torch.bmm(weights, torch.cat([value, mask], 1).transpose(1, 2)).transpose(1, 2)
        near = (likeness - 2 * (1 - mask)).amax(2)
        far = (likeness - 2 * mask).amax(2)
        extra = torch.stack([near, far, near - far, weights.amax(2)], 1)
        return torch.cat([read, extra], 1).view(query.shape[0], -1, 24, 24)

    def refine(self, step, memory):
        features = self.encoder(step[:, :3])
        read = self.look_up(self.keyed(features[2]).float(), memory.float())
        return self.decoder(features, self.sides(step[:, 3:9]), read)

    def forward(self, step, keys):
        size, memories = keys.shape[:2]
        memory = self.memorise(keys.flatten(0, 1)).view(size, memories, -1, 24 * 24)
        return self.refine(step, memory.transpose(1, 2).flatten(2))


class Nearest(nn.Module):
    """Design C: no decoder; a learnt embedding says how near each place is to object and rest of the key, and a
    few weights a pixel join that with what the engine knows."""

    keys_used = True

    def __init__(self, c1=16, c2=32, c3=64, width=48):
        super().__init__()
        self.memory = Memory(c1, c2, c3, width)
        del self.memory.decoder
        self.join = nn.Sequential(nn.Conv2d(6 + width + 5, 24, 1), nn.ReLU(True), nn.Conv2d(24, 1, 1))
        nn.init.zeros_(self.join[2].weight)
        nn.init.zeros_(self.join[2].bias)

    def memorise(self, key):
        return self.memory.memorise(key)

    def forward(self, step, keys):
        size, memories = keys.shape[:2]
        memory = self.memorise(keys.flatten(0, 1)).view(size, memories, -1, 24 * 24)
        return self.refine(step, memory.transpose(1, 2).flatten(2))

    def refine(self, step, memory):
        net = self.memory
        read = net.look_up(net.keyed(net.encoder(step[:, :3])[2]).float(), memory.float())
        read = F.interpolate(read, scale_factor=8.0, mode="bilinear", align_corners=False)
        return self.join(torch.cat([step[:, 3:9] / 64 - 2, read], 1))


designs = {"stateless": Stateless, "memory": Memory, "nearest": Nearest}


def forest_logit(step):
    low = 1 / (1 + 2.718281828 ** SUREST)
    p = (step[:, 4:5] / 255).clamp(low, 1 - low)
    return torch.log(p / (1 - p))


def final_logit(net, step, keys):
    return forest_logit(step) + net(step, keys).float().clamp(-12, 12)
