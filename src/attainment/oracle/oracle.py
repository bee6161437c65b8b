"""Works out T of Goal Attainment Scaling independently of Chiron, for a thousand random goals.

    python3 oracle.py > oracle.txt      # Python 3.10 or later, nothing to install

The scales of one person are taken as variables of mean 0 and variance 1 whose correlations are all 0.30. The weighted sum
of levels is divided by its standard deviation, which is the square root of w'Rw over the whole matrix R, in decimals of
fifty digits: neither the shape of the published formula nor binary fractions.
"""

import random
from decimal import Decimal, getcontext

getcontext().prec = 50
RHO = Decimal("0.30")


def t(scales):
    weights = [Decimal(weight) for weight, _ in scales]
    levels = [Decimal(level) for _, level in scales]
    matrix = [[Decimal(1) if row == column else RHO for column in range(len(scales))] for row in range(len(scales))]
    variance = sum(
        weights[row] * matrix[row][column] * weights[column] for row in range(len(scales)) for column in range(len(scales))
    )
    standardised = sum(weight * level for weight, level in zip(weights, levels)) / variance.sqrt()
    return Decimal(50) + Decimal(10) * standardised


chance = random.Random(1968)
print("# weight*level of every scale = T; written by oracle.py")
for _ in range(1000):
    scales = [(chance.randint(1, 9), chance.randint(-2, 2)) for _ in range(chance.randint(1, 25))]
    print(" ".join(f"{weight}*{level}" for weight, level in scales), "=", f"{t(scales):.12f}")
