"""Seconds of a training step in plain PyTorch: `training_steps.py STEPS WARMUP` prints `pretrain fp32 1.234` and so on.

The networks are those of SimClrNetwork and of the layout terrachange-r50; data lie in memory.
"""
import contextlib
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def unit(cin, cout, kernel, stride=1, relu=True):
    layers = [nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(cout)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


class Bottleneck(nn.Module):
    def __init__(self, cin, width, stride):
        super().__init__()
        cout = 4 * width
        self.path = nn.Sequential(
            unit(cin, width, 1), unit(width, width, 3, stride), unit(width, cout, 1, relu=False))
        self.shortcut = nn.Identity() if stride == 1 and cin == cout else unit(cin, cout, 1, stride, relu=False)

    def forward(self, x):
        return F.relu(self.path(x) + self.shortcut(x), inplace=True)


class ResNet50(nn.Module):
    def __init__(self, stages):
        super().__init__()
        self.stem = unit(3, 64, 7, 2)
        self.stages = nn.ModuleList()
        cin = 64
        for stage, blocks in enumerate([3, 4, 6, 3][:stages]):
            width = 64 << stage
            layers = []
            for block in range(blocks):
                layers.append(Bottleneck(cin, width, 2 if block == 0 and stage > 0 else 1))
                cin = 4 * width
            self.stages.append(nn.Sequential(*layers))

    def forward(self, x):
        features = [self.stem(x)]
        x = F.max_pool2d(features[0], 3, 2, 1)
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return features


class SimClr(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = ResNet50(4)
        self.head = nn.Sequential(
            nn.Linear(2048, 2048, bias=False), nn.BatchNorm1d(2048), nn.ReLU(inplace=True),
            nn.Linear(2048, 128, bias=False))

    def forward(self, x):
        return self.head(self.encoder(x)[-1].float().mean((2, 3)))


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = ResNet50(3)
        self.laterals = nn.ModuleList([unit(256, 64, 1), unit(512, 96, 1), unit(1024, 128, 1)])
        self.blocks = nn.ModuleList([unit(128 + 96, 96, 3), unit(96 + 64, 64, 3), unit(64 + 64, 48, 3)])
        self.coarse = nn.ModuleList([nn.Conv2d(64, 1, 1), nn.Conv2d(96, 1, 1)])
        self.out = nn.Conv2d(48, 4, 3, padding=1)

    def forward(self, pair):
        n = pair.shape[0] // 2
        d = [(f[:n] - f[n:]).abs() for f in self.encoder(pair)]
        skips = [d[0]] + [lateral(x) for lateral, x in zip(self.laterals, d[1:])]
        x, decoded = skips[3], []
        for block, skip in zip(self.blocks, (skips[2], skips[1], skips[0])):
            x = block(torch.cat([F.interpolate(x, size=skip.shape[2:], mode="bilinear"), skip], 1))
            decoded.append(x)
        return [F.pixel_shuffle(self.out(x), 2), self.coarse[0](decoded[1]), self.coarse[1](decoded[0])]


def contrast(z, temperature=0.2):
    n = z.shape[0] // 2
    z = F.normalize(z)
    similarity = z @ z.t() / temperature - 1e4 * torch.eye(2 * n)
    return F.cross_entropy(similarity, torch.cat([torch.arange(n, 2 * n), torch.arange(n)]))


def change(answers, truth):
    total = 0
    for weight, logits in zip((1, 0.3, 0.3), answers):
        logits = logits.float()
        target = F.adaptive_avg_pool2d(truth, logits.shape[2:])
        p = logits.sigmoid()
        dice = 1 - (2 * (p * target).sum() + 1) / (p.sum() + target.sum() + 1)
        total = total + weight * (F.binary_cross_entropy_with_logits(logits, target) + dice)
    return total


def measure(name, network, loss, batch, steps, warmup):
    network = network.to(memory_format=torch.channels_last)
    batch = batch.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3)
    for precision in ("fp32", "bf16"):
        cast = torch.cpu.amp.autocast(dtype=torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
        seconds = []
        try:
            for _ in range(steps):
                start = time.perf_counter()
                with cast:
                    answer = network(batch)
                value = loss(answer)
                optimizer.zero_grad()
                value.backward()
                optimizer.step()
                seconds.append(time.perf_counter() - start)
            print(name, precision, f"{statistics.median(seconds[warmup:]):.4f}", flush=True)
        except RuntimeError as error:
            print(f"{name} {precision} does not run in PyTorch {torch.__version__}: {error}", flush=True)


if __name__ == "__main__":
    count, skipped = int(sys.argv[1]), int(sys.argv[2])
    torch.manual_seed(1)
    measure("pretrain", SimClr(), contrast, torch.rand(64, 3, 224, 224), count, skipped)
    truth = (torch.rand(8, 1, 256, 256) > 0.9).float()
    measure("finetune", Detector(), lambda answers: change(answers, truth), torch.rand(16, 3, 256, 256), count, skipped)
