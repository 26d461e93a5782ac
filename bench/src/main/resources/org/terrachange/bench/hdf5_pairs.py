"""Seconds that h5py takes: `hdf5_pairs.py PAIRS.h5 COPY.h5` reads all pairs one by one and prints `read 1.234`, then
writes them one by one with the same chunks and level of deflate and prints `write 1.234`. Of several rounds the fastest
counts."""
import sys
import time

import h5py

ROUNDS = 4
NAMES = ("images_a", "images_b")


def read(path):
    with h5py.File(path, "r") as file:
        sets = [file[name] for name in NAMES]
        return [[images[i] for images in sets] for i in range(len(sets[0]))]


def write(path, pairs):
    with h5py.File(path, "w") as file:
        shape = pairs[0][0].shape
        sets = [
            file.create_dataset(
                name, (len(pairs), *shape), "u1", chunks=(1, *shape), compression="gzip", compression_opts=4)
            for name in NAMES
        ]
        for i, pair in enumerate(pairs):
            for images, image in zip(sets, pair):
                images[i] = image


def fastest(action):
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


pairs = read(sys.argv[1])
print("read %.4f" % fastest(lambda: read(sys.argv[1])))
print("write %.4f" % fastest(lambda: write(sys.argv[2], pairs)))
