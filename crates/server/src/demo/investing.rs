//! What customers come for: cash in, shares bought and sold, now and then cash out.

use serde_json::{Value, json};

use super::{
    Done,
    browser::{Ask, Browser},
    customer::Customer,
    door::{signed, text},
    summary::count,
    world::World,
};

/// A month, in seconds.
const MONTH: i64 = 30 * 86_400;

impl Customer {
    /// One visit: somebody comes, looks, and does what they came for.
    pub(super) async fn visit(&mut self, world: &mut World) -> Done {
        let Some(browser) = self.come(world).await? else {
            return Ok(());
        };
        count(&mut world.tally, "visits");
        world.wait(self.persona.chance.within(5, 40)).await?;
        let cash = cash(world, &browser).await?;
        if world.now().as_second().saturating_sub(self.paid_in) > MONTH || cash < self.persona.usual {
            let dollars = self.persona.usual * self.persona.chance.within(3, 8);
            self.pay_in(world, &browser, dollars).await?;
        }
        world.wait(self.persona.chance.within(10, 90)).await?;
        let dollars = self.persona.usual * self.persona.chance.within(70, 131) / 100;
        match self.persona.chance.within(0, 100) {
            0..66 => {
                self.buy(world, &browser, dollars).await?;
            }
            66..76 => self.bid(world, &browser, dollars).await?,
            76..84 => self.sell(world, &browser).await?,
            84..88 => self.pay_out(world, &browser, dollars.min(cash / 2)).await?,
            _ => {
                world
                    .send(&browser, Ask::get("/v1/portfolio"))
                    .await?
                    .expect(200)?;
            }
        }
        Ok(())
    }

    /// Brings in cash.
    pub(super) async fn pay_in(&mut self, world: &mut World, browser: &Browser, dollars: i64) -> Done {
        let ask = || {
            Ask::post(
                "/v1/cash/deposits",
                json!({ "amount": format!("{dollars}.00"), "currency": "USD" }),
            )
        };
        signed(world, &self.who, browser, ask).await?.expect(201)?;
        count(&mut world.tally, "deposits");
        self.paid_in = world.now().as_second();
        Ok(())
    }

    /// Buys a favourite for so much; answers the order.
    pub(super) async fn buy(&mut self, world: &mut World, browser: &Browser, dollars: i64) -> Done<Value> {
        let favourites = self.persona.favourites.clone();
        let chance = &mut self.persona.chance;
        let symbol = if chance.percent(60) {
            favourites[0]
        } else {
            *chance.one_of(&favourites)
        };
        let ask = || {
            Ask::post(
                "/v1/portfolio/buy",
                json!({ "symbol": symbol, "notional": format!("{dollars}.00") }),
            )
        };
        let answer = signed(world, &self.who, browser, ask).await?;
        // A large bid of theirs may have reserved the cash meanwhile.
        if answer.is_refused("order.not_enough_cash") {
            count(&mut world.tally, "orders refused");
            return Ok(Value::Null);
        }
        let order = answer.one_of(&[201, 202])?;
        count_order(world, &order);
        if order["status"] == "filled" {
            match self.invested.iter_mut().find(|(known, _)| *known == symbol) {
                Some((_, sum)) => *sum += dollars,
                None => self.invested.push((symbol, dollars)),
            }
        }
        Ok(order)
    }

    /// Bids a little less than the price, good until canceled.
    async fn bid(&mut self, world: &mut World, browser: &Browser, dollars: i64) -> Done {
        let symbol = self.persona.favourites[0];
        let quote = world
            .send(browser, Ask::get(format!("/v1/assets/{symbol}/quote")))
            .await?
            .expect(200)?;
        let last = cents(&text(&quote["last"])?);
        let limit = (last * self.persona.chance.within(955, 996) / 1_000).max(100);
        let shares = (dollars * 100 / limit).max(1);
        let price = format!("{}.{:02}", limit / 100, limit % 100);
        let ask = || {
            let order = json!({ "symbol": symbol, "qty": shares.to_string(), "limit_price": price });
            Ask::post("/v1/portfolio/buy", order)
        };
        let answer = signed(world, &self.who, browser, ask).await?;
        if answer.is_refused("order.not_enough_cash") {
            count(&mut world.tally, "orders refused");
            return Ok(());
        }
        let order = answer.one_of(&[201, 202])?;
        count_order(world, &order);
        Ok(())
    }

    /// Sells a third of what they have most of.
    async fn sell(&mut self, world: &mut World, browser: &Browser) -> Done {
        let most = self.invested.iter_mut().max_by_key(|(_, dollars)| *dollars);
        let Some((symbol, invested)) = most.filter(|(_, dollars)| *dollars >= 30) else {
            return Ok(());
        };
        let (symbol, dollars) = (*symbol, *invested / 3);
        *invested -= dollars;
        let ask = || {
            Ask::post(
                "/v1/portfolio/sell",
                json!({ "symbol": symbol, "notional": format!("{dollars}.00") }),
            )
        };
        let answer = signed(world, &self.who, browser, ask).await?;
        if answer.is_refused("order.not_enough_shares") {
            count(&mut world.tally, "orders refused");
            return Ok(());
        }
        let order = answer.one_of(&[201, 202])?;
        count_order(world, &order);
        Ok(())
    }

    /// Pays cash out to their bank.
    pub(super) async fn pay_out(&mut self, world: &mut World, browser: &Browser, dollars: i64) -> Done {
        if dollars < 1 {
            return Ok(());
        }
        let payee = match &self.payee {
            Some(payee) => payee.clone(),
            None => self.add_payee(world, browser).await?,
        };
        world.wait(25).await?;
        let ask = || {
            let ask = json!({ "amount": format!("{dollars}.00"), "currency": "USD", "destination": payee });
            Ask::post("/v1/cash/withdrawals", ask)
        };
        let answer = signed(world, &self.who, browser, ask).await?;
        let transfer = answer.one_of(&[201, 202])?;
        count(&mut world.tally, "withdrawals");
        if transfer["status"] == "pending_review" {
            count(&mut world.tally, "withdrawals held");
        }
        Ok(())
    }

    async fn add_payee(&mut self, world: &mut World, browser: &Browser) -> Done<String> {
        let number = self.persona.chance.within(10_000_001, 99_999_999) / 10 * 10 + 7;
        let ask = || {
            // The routing number has a right check digit and belongs to no bank.
            let account = json!({ "routing_number": "123456780", "account_number": number.to_string(), "kind": "checking" });
            Ask::post(
                "/v1/cash/payees",
                json!({ "name": "My current account", "bank_account": account }),
            )
        };
        let made = signed(world, &self.who, browser, ask)
            .await?
            .one_of(&[201, 202])?;
        let id = text(&made["id"])?;
        self.payee = Some(id.clone());
        Ok(id)
    }
}

fn count_order(world: &mut World, order: &Value) {
    count(&mut world.tally, "orders");
    match order["status"].as_str() {
        Some("filled" | "partially_filled") => count(&mut world.tally, "orders filled at once"),
        Some("pending_review") => count(&mut world.tally, "orders held"),
        _ => count(&mut world.tally, "orders resting"),
    }
}

/// Whole dollars that can be spent.
async fn cash(world: &mut World, browser: &Browser) -> Done<i64> {
    let cash = world.send(browser, Ask::get("/v1/cash")).await?.expect(200)?;
    Ok(cents(&text(&cash["available"])?) / 100)
}

/// A decimal text in cents, what is smaller cut off.
fn cents(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    let number = |digits: &str| digits.parse::<i64>().unwrap_or_default();
    number(whole) * 100 + number(&part)
}
