// A portfolio at the prices of this moment: the server's own sums, with the prices that have moved since.

import type { Schemas } from "../../api/client";
import { add, type Decimal, exact, multiply, round, subtract, text } from "../../ui/decimal";
import type { Glance } from "../market/overview";

type Portfolio = Schemas["PortfolioView"];

/** The same portfolio, each position at its newest price. */
export function revalued(portfolio: Portfolio, glances: readonly Glance[]): Portfolio {
  let moved: Decimal = exact("0");
  const positions = portfolio.positions.map((position) => {
    const glance = glances.find(({ symbol }) => symbol === position.symbol);
    const { market_value: before, unrealized_pl: gain, price_at: at } = position;
    if (!glance || !before || !gain || !at || glance.at <= at) return position;
    const value = round(multiply(exact(position.qty), exact(glance.last)), 2);
    const by = subtract(value, exact(before));
    moved = add(moved, by);
    return {
      ...position,
      price: glance.last,
      price_at: glance.at,
      market_value: text(value),
      unrealized_pl: text(add(exact(gain), by)),
    };
  });
  const plus = (sum: string | null | undefined) => (sum ? text(add(exact(sum), moved)) : sum);
  return {
    ...portfolio,
    positions,
    market_value: plus(portfolio.market_value),
    equity: plus(portfolio.equity),
    unrealized_pl: plus(portfolio.unrealized_pl),
  };
}
