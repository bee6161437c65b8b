#!/usr/bin/env python3
"""Makes benchmark instances for chiron-matching, deterministic per seed.

usage: generate.py FAMILY MENTEES MENTORS CANDIDATES LEAST_SEATS MOST_SEATS SEED OUT.chb      FAMILY: mentor | uniform
       generate.py dense FAMILY N SEED OUT.npy                                                FAMILY: uniform | ties | product | mentor

`mentor`: popular topics (Zipf), languages, time zones and seniority; each mentee keeps the best admissible mentors, so that stars are
wanted by many. `uniform`: random candidates and costs. `product` is Machol and Wien's hard family, cost i times j.

CHB1, little endian: b'CHB1', u32 mentees, u32 mentors, u64 pairs, i32 cost of staying unmatched, u32 zero | u32 seats[mentors] |
u64 starts[mentees + 1] | u32 mentor[pairs] | i32 cost[pairs].
"""
import struct
import sys

import numpy as np

UNMATCHED = 100_000
ZONES = np.array([-8, -6, -5, -3, 0, 1, 2, 5, 8, 10])


def people(count, random, topics, popularity, guides):
    picks = random.choice(len(topics), (count, 6), p=popularity)
    wanted = random.integers(3 if guides else 2, 7, count)
    keep = np.arange(6)[None, :] < wanted[:, None]
    vector = (topics[picks] * keep[:, :, None]).sum(1) + 0.4 * random.standard_normal((count, topics.shape[1]))
    vector = (vector / np.linalg.norm(vector, axis=1, keepdims=True)).astype(np.float32)
    shares = 1 / np.arange(1, 11) ** 1.4
    languages = 1 << random.choice(10, count, p=shares / shares.sum()) | np.where(random.random(count) < 0.7, 1, 0)
    return {
        "vector": vector,
        "languages": languages.astype(np.int32),
        "zone": random.choice(ZONES, count).astype(np.int16),
        "years": random.integers(3 if guides else 0, 11 if guides else 8, count).astype(np.int16),
        "charm": (0.12 * random.standard_normal(count) if guides else np.zeros(count)).astype(np.float32),
    }


def world(mentees, mentors, seed):
    random = np.random.default_rng(seed)
    topics = random.standard_normal((400, 24)) * 0.6 + random.standard_normal((40, 24))[random.integers(0, 40, 400)]
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    popularity = 1 / np.arange(1, 401) ** 0.9
    popularity /= popularity.sum()
    return people(mentees, random, topics, popularity, False), people(mentors, random, topics, popularity, True)


def scores(learn, guide, start, end):
    """0 to 10,000, or -1 where a pair is not admissible."""
    apart = np.abs(learn["zone"][start:end, None] - guide["zone"][None, :])
    apart = np.minimum(apart, 24 - apart)
    ahead = guide["years"][None, :] - learn["years"][start:end, None]
    fit = 0.62 * (learn["vector"][start:end] @ guide["vector"].T) + guide["charm"][None, :]
    fit += 0.14 * (1 - apart / 12) + 0.14 * np.clip(1 - np.abs(ahead - 3) / 5, 0, 1)
    points = np.clip((fit + 0.35) / 1.6 * 10_000, 0, 10_000).astype(np.int32)
    admissible = ((learn["languages"][start:end, None] & guide["languages"][None, :]) != 0) & (apart <= 7) & (ahead >= 0)
    return np.where(admissible, points, -1)


def sparse(family, mentees, mentors, candidates, least, most, seed):
    random = np.random.default_rng(seed + 1000)
    seats = random.integers(least, most + 1, mentors)
    step = max(1, 20_000_000 // mentors)
    chunks = [(start, min(mentees, start + step)) for start in range(0, mentees, step)]
    columns, costs, counts = [], [], []
    learn, guide = world(mentees, mentors, seed) if family == "mentor" else (None, None)
    for start, end in chunks:
        if family == "mentor":
            all_points = scores(learn, guide, start, end)
        else:
            all_points = None
        keys = -all_points if family == "mentor" else random.random((end - start, mentors), dtype=np.float32)
        chosen = np.sort(np.argpartition(keys, candidates, axis=1)[:, :candidates], axis=1) if candidates < mentors else np.broadcast_to(np.arange(mentors), keys.shape)
        points = np.take_along_axis(all_points, chosen, 1) if family == "mentor" else 10_000 - random.integers(0, 10_001, chosen.shape)
        kept = points >= 0
        columns.append(chosen[kept].astype("<u4"))
        costs.append((10_000 - points[kept]).astype("<i4"))
        counts.append(kept.sum(1))
    starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype("<u8")
    return seats.astype("<u4"), starts, np.concatenate(columns), np.concatenate(costs)


def dense(family, n, seed):
    random = np.random.default_rng(seed)
    if family == "uniform":
        return random.integers(0, 1_000_000, (n, n), dtype=np.int32)
    if family == "ties":
        return random.integers(1, 101, (n, n), dtype=np.int32)
    if family == "product":
        i = np.arange(1, n + 1, dtype=np.int64)
        return (i[:, None] * i[None, :]).astype(np.int32)
    points = scores(*world(n, n, seed), 0, n)
    return np.where(points < 0, 50_000, 10_000 - points).astype(np.int32)


def main(arguments):
    if arguments[0] == "dense":
        np.save(arguments[4], dense(arguments[1], int(arguments[2]), int(arguments[3])))
        return
    seats, starts, columns, costs = sparse(arguments[0], *map(int, arguments[1:7]))
    with open(arguments[7], "wb") as file:
        file.write(b"CHB1" + struct.pack("<IIQiI", len(starts) - 1, len(seats), len(columns), UNMATCHED, 0))
        for array in (seats, starts, columns, costs):
            file.write(array.tobytes())


if __name__ == "__main__":
    main(sys.argv[1:])
