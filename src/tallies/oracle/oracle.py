"""Works out the numbers of a tally independently of Chiron, for two hundred random groups of people.

    pip install scipy && python3 oracle.py > oracle.txt

The range is scipy's t interval, with the spread that rating twice has by itself as its least; the quarters are those of
Python's own statistics module (method "inclusive", which is definition 7 of Hyndman and Fan 1996).
"""

import random
import statistics

from scipy import stats

# Two standard errors of measurement of T, each 10 * sqrt(1 - 0.70), as independent errors add up.
LEAST = (2 * 100 * (1 - 0.70)) ** 0.5

chance = random.Random(1908)
print("# changes = mean, its range from and to, quartiles; written by oracle.py with scipy")
for case in range(200):
    size = chance.randint(7, 60)
    centre, width = chance.uniform(-20, 30), chance.uniform(0, 25)
    changes = [round(chance.gauss(centre, width), 1) for _ in range(size)]
    mean = statistics.fmean(changes)
    spread = max(statistics.stdev(changes), LEAST)
    low, high = stats.t.interval(0.95, size - 1, loc=mean, scale=spread / size**0.5)
    numbers = [mean, low, high, *statistics.quantiles(changes, n=4, method="inclusive")]
    print(*changes, "=", *(f"{number:.6f}" for number in numbers))
