import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import type { Glance } from "../market/overview";
import { revalued } from "./live";

const position = {
  symbol: "KO",
  qty: "1.5",
  price: "62.54",
  price_at: "2026-06-01T12:00:00Z",
  market_value: "93.81",
  unrealized_pl: "-1.19",
} as Schemas["PositionView"];
const portfolio = {
  currency: "USD",
  cash: "10.00",
  market_value: "93.81",
  equity: "103.81",
  unrealized_pl: "-1.19",
  positions: [position],
} as Schemas["PortfolioView"];
const glance = (last: string, at: string) => ({ symbol: "KO", last, at }) as Glance;

describe("a portfolio at the prices of this moment", () => {
  it("moves every sum by what its positions moved, exactly", () => {
    const now = revalued(portfolio, [glance("63.01", "2026-06-01T12:00:01Z")]);
    // 1.5 × 63.01 = 94.515, half to even.
    expect(now.positions[0]).toMatchObject({
      price: "63.01",
      market_value: "94.52",
      unrealized_pl: "-0.48",
    });
    expect(now).toMatchObject({
      market_value: "94.52",
      equity: "104.52",
      unrealized_pl: "-0.48",
      cash: "10.00",
    });
  });

  it("keeps what the server said where no newer price is known", () => {
    expect(revalued(portfolio, [glance("1.00", "2026-06-01T11:59:59Z")])).toEqual(portfolio);
    expect(revalued(portfolio, [])).toEqual(portfolio);
  });
});
