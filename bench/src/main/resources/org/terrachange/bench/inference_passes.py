"""Seconds of one pass in plain PyTorch: `inference_passes.py SIZE` prints `terrachange-v1 fp32 1.234` and so on.

The network is that of the layout terrachange-v1, both dates through one encoder, random weights, one pair of SIZE x SIZE
pixels that lies in memory. Of several passes the fastest counts.
"""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

PASSES = 4


def unit(cin, cout, kernel, stride=1):
    return nn.Sequential(nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(cout))


class Bottleneck(nn.Module):
    def __init__(self, cin, width, stride):
        super().__init__()
        cout = 4 * width
        self.narrow, self.middle, self.wide = unit(cin, width, 1), unit(width, width, 3, stride), unit(width, cout, 1)
        self.shortcut = nn.Identity() if stride == 1 and cin == cout else unit(cin, cout, 1, stride)

    def forward(self, x):
        y = F.relu(self.narrow(x), inplace=True)
        y = F.relu(self.middle(y), inplace=True)
        return F.relu(self.wide(y) + self.shortcut(x), inplace=True)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = unit(3, 64, 7, 2)
        cin, stages = 64, []
        for stage, blocks in enumerate([3, 4, 6, 3]):
            width = 64 << stage
            layers = []
            for block in range(blocks):
                layers.append(Bottleneck(cin, width, 2 if block == 0 and stage > 0 else 1))
                cin = 4 * width
            stages.append(nn.Sequential(*layers))
        self.stages = nn.ModuleList(stages)
        ups = [(2048 + 1024, 512), (512 + 512, 256), (256 + 256, 128), (128 + 64, 64)]
        self.ups = nn.ModuleList(
            nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(True), nn.Conv2d(o, o, 3, padding=1), nn.ReLU(True))
            for i, o in ups)
        self.out = nn.Conv2d(64, 1, 1)

    def features(self, x):
        found = [F.relu(self.stem(x))]
        x = F.max_pool2d(found[0], 3, 2, 1)
        for stage in self.stages:
            x = stage(x)
            found.append(x)
        return found

    def forward(self, before, after):
        differences = [(a - b).abs() for a, b in zip(self.features(before), self.features(after))]
        y = differences.pop()
        for up in self.ups:
            y = F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
            y = up(torch.cat([y, differences.pop()], 1))
        return self.out(y)


def main():
    size = int(sys.argv[1])
    network = Network().eval()
    for name, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        network.to(kind)
        before, after = torch.randn(1, 3, size, size).to(kind), torch.randn(1, 3, size, size).to(kind)
        best = float("inf")
        with torch.no_grad():
            for _ in range(PASSES):
                start = time.perf_counter()
                network(before, after)
                best = min(best, time.perf_counter() - start)
        print("terrachange-v1", name, f"{best:.3f}")


main()
