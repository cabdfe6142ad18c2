"""Holds the program's figures of investments against libraries by other people: pyxirr and empyrical-reloaded.

Reads a file of cases, each with what went in and what the program made of it, and ends with an error where they differ.
"""

import datetime
import json
import math
import sys

import empyrical
import numpy
import pyxirr

EPOCH = datetime.date(1970, 1, 1)


def expected_of_returns(returns):
    returns = numpy.array(returns)
    return {
        "time_weighted": empyrical.cum_returns_final(returns),
        "volatility": empyrical.annual_volatility(returns),
        "sharpe": empyrical.sharpe_ratio(returns),
        "max_drawdown": empyrical.max_drawdown(returns),
        "value_at_risk": empyrical.value_at_risk(returns, cutoff=0.05),
        "conditional_value_at_risk": empyrical.conditional_value_at_risk(returns, cutoff=0.05),
    }


def expected_of_flows(flows):
    dates = [EPOCH + datetime.timedelta(days=day) for day, _ in flows]
    return {"money_weighted": pyxirr.xirr(dates, [amount for _, amount in flows])}


def main(path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)
    compared = 0
    for case in cases:
        expected = expected_of_returns(case["returns"]) if "returns" in case else expected_of_flows(case["flows"])
        for name, theirs in expected.items():
            ours = case["figures"][name]
            if theirs is None or not math.isclose(ours, float(theirs), rel_tol=1e-8, abs_tol=1e-10):
                sys.exit(f"{name}: the program says {ours}, the library {theirs}, of {case}")
            compared += 1
    print(f"{compared} figures agree")


main(sys.argv[1])
