#!/usr/bin/env python3
"""Checks our answers to random problems (`--example problems`) against HiGHS, by way of SciPy.

usage: cargo run --release -p chiron-matching-oracle --example problems -- COUNT SEED | python highs.py      (pip install scipy)

The problem is totally unimodular, so that the linear optimum is that of whole pairs. Ends with 1 at the first difference.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


def optimum(problem):
    """The greatest worth, or None where no solution keeps the rules. A variable for each pair, then one for each mentee being matched."""
    pairs, mentees, mentors = problem["pairs"], problem["mentees"], problem["mentors"]
    count = len(pairs) + len(mentees)
    gain = np.array([pair[2] for pair in pairs] + [problem["person"] * mentee[2] for mentee in mentees], dtype=float)
    rows, columns, values, most = [], [], [], []

    def at_most(terms, bound):
        for column, value in terms:
            rows.append(len(most)), columns.append(column), values.append(value)
        most.append(bound)

    of_mentee, of_mentor = [[] for _ in mentees], [[] for _ in mentors]
    for at, (mentee, mentor, _, _) in enumerate(pairs):
        of_mentee[mentee].append(at)
        of_mentor[mentor].append(at)
    for person, (least, greatest, _, _) in enumerate(mentees):
        at_most([(at, 1) for at in of_mentee[person]], greatest)
        at_most([(at, -1) for at in of_mentee[person]], -least)
        at_most([(len(pairs) + person, 1)] + [(at, -1) for at in of_mentee[person]], 0)
    for person, (least, greatest) in enumerate(mentors):
        at_most([(at, 1) for at in of_mentor[person]], greatest)
        at_most([(at, -1) for at in of_mentor[person]], -least)
    for group, floor in problem["floors"]:
        at_most([(len(pairs) + person, -1) for person, mentee in enumerate(mentees) if mentee[3] == group], -floor)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(most), count))
    bounds = [(pair[3], 1) for pair in pairs] + [(0, 1)] * len(mentees)
    result = linprog(-gain, A_ub=matrix, b_ub=most, bounds=bounds, method="highs")
    if result.status == 2:
        return None
    if result.status != 0:
        raise RuntimeError(result.message)
    return round(-result.fun)


def main():
    checked = impossible = 0
    for line in sys.stdin:
        problem = json.loads(line)
        best = optimum(problem)
        if best != problem["value"]:
            print(f"HiGHS found {best}, ours {problem['value']}:\n{line}")
            sys.exit(1)
        checked += 1
        impossible += best is None
    print(f"{checked} problems, {impossible} of them impossible: HiGHS and ours agree on all")


if __name__ == "__main__":
    main()
