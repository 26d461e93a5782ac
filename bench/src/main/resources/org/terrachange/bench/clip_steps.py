"""CLIP ViT-B/32 in plain PyTorch, for comparison; prints two numbers.

`clip_steps.py embed PRECISION`: image pairs a second and texts of 77 tokens a second.
`clip_steps.py step PRECISION BLOCKS BATCH`: seconds of a training step by gradient caching with the first BLOCKS blocks
of the image tower frozen, and the process's largest resident memory in MiB.
"""
import resource
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

PART, TOKENS, THREADS = 32, 32, 2


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class ImageTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 768, 32, 32, bias=False)
        self.cls = nn.Parameter(torch.randn(768) * 768**-0.5)
        self.positions = nn.Parameter(torch.randn(50, 768) * 768**-0.5)
        self.before, self.after = nn.LayerNorm(768), nn.LayerNorm(768)
        self.blocks = nn.ModuleList(Block(768, 12) for _ in range(12))
        self.proj = nn.Parameter(torch.randn(768, 512) * 768**-0.5)

    def forward(self, images):
        x = self.conv(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.to(x.dtype).expand(len(x), 1, 768), x], 1) + self.positions.to(x.dtype)
        x = self.before(x)
        for block in self.blocks:
            x = block(x, None)
        return self.after(x[:, 0]) @ self.proj

    def freeze(self, blocks):
        if blocks:
            self.cls.requires_grad = self.positions.requires_grad = False
            for module in [self.conv, self.before, *self.blocks[:blocks]]:
                module.requires_grad_(False)


class TextTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(49408, 512)
        self.positions = nn.Parameter(torch.randn(77, 512) * 0.01)
        self.blocks = nn.ModuleList(Block(512, 8) for _ in range(12))
        self.after = nn.LayerNorm(512)
        self.proj = nn.Parameter(torch.randn(512, 512) * 512**-0.5)

    def forward(self, ids):
        length = ids.shape[1]
        x = self.tokens(ids) + self.positions[:length]
        mask = torch.full((length, length), float("-inf"), dtype=x.dtype).triu(1)
        for block in self.blocks:
            x = block(x, mask)
        return self.after(x[torch.arange(len(x)), ids.argmax(-1)]) @ self.proj


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.images, self.texts = ImageTower(), TextTower()
        self.change = nn.Linear(512, 512)
        self.scale = nn.Parameter(torch.tensor(2.66))

    def changes(self, before, after):
        n = len(before)
        both = F.normalize(self.images(torch.cat([before, after])).float())
        return F.normalize(self.change((both[n:] - both[:n]).to(self.change.weight.dtype)).float())


def normalised(images):
    return (images.float() / 255 - 0.45) / 0.27


def ids(rows, length):
    batch = torch.randint(1, 40000, (rows, length))
    batch[:, 0], batch[:, -1] = 49406, 49407
    return batch


def rate(count, run):
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return count / statistics.median(seconds[1:])


def embed(precision):
    network = Network().eval()
    images = normalised(torch.randint(0, 256, (2, PART, 3, 224, 224), dtype=torch.uint8))
    texts = ids(2 * PART, 77)
    if precision == "bf16":
        network, images = network.bfloat16(), images.bfloat16()
    with torch.no_grad():
        pairs = rate(PART, lambda: network.changes(images[0], images[1]))
        print(f"{pairs:.3f} {rate(2 * PART, lambda: network.texts(texts)):.3f}")


def step(blocks, batch):
    network = Network()
    network.images.freeze(blocks)
    optimizer = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad], 1e-5, weight_decay=0.1)
    images = torch.randint(0, 256, (2, batch, 3, 224, 224), dtype=torch.uint8)
    texts = ids(batch, TOKENS)

    def embeddings(part):
        rows = slice(part * PART, (part + 1) * PART)
        changes = network.changes(normalised(images[0, rows]), normalised(images[1, rows]))
        return torch.cat([changes, network.texts(texts[rows])], 1)

    def whole():
        parts = batch // PART
        with torch.no_grad():
            cached = torch.cat([embeddings(part) for part in range(parts)])
        cached.requires_grad_()
        logits = F.normalize(cached[:, :512]) @ F.normalize(cached[:, 512:]).t() * network.scale.exp()
        target = torch.arange(batch)
        ((F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2).backward()
        for part in range(parts):
            (embeddings(part) * cached.grad[part * PART:(part + 1) * PART]).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    with torch.no_grad():
        embeddings(0)
    start = time.perf_counter()
    whole()
    seconds = time.perf_counter() - start
    print(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    torch.manual_seed(1)
    torch.set_num_threads(THREADS)
    if sys.argv[1] == "embed":
        embed(sys.argv[2])
    else:
        step(int(sys.argv[3]), int(sys.argv[4]))
