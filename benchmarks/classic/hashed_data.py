"""The same data as hashed-data.mjs."""

import numpy as np


def hashed(count, seed):
    h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(seed)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def normals(count, seed):
    h = hashed(4 * count, seed).astype(np.float64).reshape(count, 4)
    return ((((h[:, 0] + h[:, 1]) + h[:, 2]) + h[:, 3]) / 4294967296 - 2) * np.sqrt(3)


def blobs(rows, width, clusters, seed):
    centers = normals(clusters * width, seed).reshape(clusters, width)
    x = normals(rows * width, seed + 1).reshape(rows, width)
    return x + 2 * centers[hashed(rows, seed + 2) % clusters]


def correlated(rows, width, seed):
    mix = normals(width * width, seed).reshape(width, width)
    return normals(rows * width, seed + 1).reshape(rows, width) @ mix
