#!/usr/bin/env python3
"""Runs one other solver on one instance, in this process, and prints a JSON line: cost, CPU seconds of the call, peak memory.

usage: peers.py ortools FILE.chb | peers.py scipy FILE.npy | peers.py lapjv FILE.npy | peers.py lap FILE.npy
       peers.py mentor-match PEOPLE
"""
import json
import random
import resource
import struct
import sys
import time


def read(path):
    import numpy as np

    data = open(path, "rb").read()
    mentees, mentors, pairs, unmatched, _ = struct.unpack_from("<IIQiI", data, 4)
    at, arrays = 28, []
    for kind, count in (("<u4", mentors), ("<u8", mentees + 1), ("<u4", pairs), ("<i4", pairs)):
        arrays.append(np.frombuffer(data, kind, count, at))
        at += arrays[-1].nbytes
    return mentees, mentors, unmatched, *arrays


def ortools(path):
    """A mentee sends one unit, to a mentor or straight to the sink; a mentor passes on as many as there are seats."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    mentees, mentors, unmatched, seats, starts, columns, costs = read(path)
    sink = mentees + mentors
    rows = np.repeat(np.arange(mentees, dtype=np.int32), np.diff(starts).astype(np.int64))
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(rows, (mentees + columns).astype(np.int32), np.ones(len(costs), np.int64), costs.astype(np.int64))
    solver.add_arcs_with_capacity_and_unit_cost(np.arange(mentees, sink, dtype=np.int32), np.full(mentors, sink, np.int32), seats.astype(np.int64), np.zeros(mentors, np.int64))
    solver.add_arcs_with_capacity_and_unit_cost(np.arange(mentees, dtype=np.int32), np.full(mentees, sink, np.int32), np.ones(mentees, np.int64), np.full(mentees, unmatched, np.int64))
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), np.concatenate([np.ones(mentees, np.int64), np.zeros(mentors, np.int64), [-mentees]]))
    begin = time.process_time()
    assert solver.solve() == solver.OPTIMAL
    return int(solver.optimal_cost()), time.process_time() - begin


def matrix(path, which):
    import numpy as np

    costs = np.load(path)
    begin = time.process_time()
    if which == "scipy":
        from scipy.optimize import linear_sum_assignment

        begin = time.process_time()
        columns = linear_sum_assignment(costs)[1]
    elif which == "lapjv":
        from lapjv import lapjv

        costs = costs.astype(np.float64)
        begin = time.process_time()
        columns = lapjv(costs)[0]
    else:
        from lap import lapjv

        costs = costs.astype(np.float64)
        begin = time.process_time()
        columns = lapjv(costs)[1]
    seconds = time.process_time() - begin
    return int(costs[np.arange(len(costs)), columns].sum()), seconds


def mentor_match(count):
    """The matching of the UK civil service: grade, organisation, profession, one round."""
    import matching.rules.rule as rules
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data

    chance = random.Random(42)

    def person(kind, i, low, high):
        return kind(**{"email": f"{kind.__name__}{i}@example.org", "grade": chance.randint(low, high), "organisation": f"o{chance.randrange(20)}",
                       "profession": f"p{chance.randrange(30)}", "first name": "a", "last name": "b", "role": "r"})

    mentors = [person(Mentor, i, 4, 10) for i in range(count)]
    mentees = [person(Mentee, i, 0, 6) for i in range(count)]
    asked = [
        rules.Disqualify(lambda match: match.mentor.grade <= match.mentee.grade),
        rules.Grade(1, lambda one, other: one == other, {True: 12, False: 0}),
        rules.Grade(2, lambda one, other: one == other, {True: 9, False: 0}),
        rules.Equivalent("profession", {True: 10, False: 0}),
        rules.Equivalent("organisation", {True: 0, False: 6}),
        rules.UnmatchedBonus(50),
    ]
    begin = time.process_time()
    process_data(mentors, mentees, [asked])
    return sum(1 for mentee in mentees if mentee.mentors), time.process_time() - begin


def main(which, path):
    if which == "ortools":
        cost, seconds = ortools(path)
    elif which == "mentor-match":
        cost, seconds = mentor_match(int(path))
    else:
        cost, seconds = matrix(path, which)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"solver": which, "file": path.rsplit("/", 1)[-1], "cost": cost, "solve_cpu_s": round(seconds, 4), "peak_rss_mib": peak}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
