//! What befalls single customers, step by step, and what the desk will find out about it.

use serde_json::json;

use super::{
    Done,
    browser::Ask,
    desk::Truth,
    door::{signed, text},
    history::{Act, History},
    people::Fate,
    strangers::{far_away, locked_out, recover, take_over},
    summary::count,
};

const HOUR: i64 = 3_600;

impl History {
    /// The next step of what befalls a customer.
    pub(super) async fn befall(&mut self, index: usize, step: u8) -> Done {
        if self.customers[index].id.is_none() {
            return Ok(());
        }
        match self.customers[index].persona.fate {
            Fate::Nothing => Ok(()),
            Fate::TakenOver if step == 0 => {
                let truth = take_over(&mut self.world, &mut self.customers[index]).await?;
                self.find_out(index, truth)?;
                self.away.insert(index);
                self.later(28 * HOUR, Act::Befall(index, 1));
                Ok(())
            }
            Fate::TakenOver => {
                let back = recover(&mut self.world, &mut self.customers[index]).await?;
                if back {
                    self.away.remove(&index);
                } else {
                    self.later(6 * HOUR, Act::Befall(index, step));
                }
                Ok(())
            }
            Fate::Traveller => {
                self.find_out(index, Truth::Harmless)?;
                far_away(&mut self.world, &mut self.customers[index]).await
            }
            Fate::KnownPassword => {
                self.find_out(index, Truth::Fraud)?;
                far_away(&mut self.world, &mut self.customers[index]).await?;
                self.change_password(index).await
            }
            Fate::Forgetful => {
                let id = locked_out(&mut self.world, &mut self.customers[index]).await?;
                self.unlock(&id).await
            }
            Fate::Mule => self.launder(index, step).await,
            Fate::Inherits => self.invest_much(index, 23_400, Truth::Harmless).await,
            Fate::SellsAHouse => self.invest_much(index, 41_500, Truth::Harmless).await,
            Fate::TalkedInto => self.invest_much(index, 21_900, Truth::Fraud).await,
            Fate::Overlooked => self.invest_much(index, 22_300, Truth::NobodyLooks).await,
            Fate::ChangesMind => self.change_mind(index).await,
            Fate::Waits => self.say_it_was_me(index).await,
        }
    }

    /// Brings in much and buys for nearly all of it at once.
    async fn invest_much(&mut self, index: usize, dollars: i64, truth: Truth) -> Done {
        self.find_out(index, truth)?;
        self.order_much(index, dollars).await.map(drop)
    }

    async fn order_much(&mut self, index: usize, dollars: i64) -> Done<(super::browser::Browser, String)> {
        let (world, customer) = (&mut self.world, &mut self.customers[index]);
        let browser = customer.at_home(world).await?;
        customer.pay_in(world, &browser, dollars + 1_500).await?;
        world.wait(150).await?;
        let order = customer.buy(world, &browser, dollars).await?;
        Ok((browser, text(&order["id"])?))
    }

    async fn change_mind(&mut self, index: usize) -> Done {
        self.find_out(index, Truth::NobodyLooks)?;
        let (browser, order) = self.order_much(index, 24_800).await?;
        self.world.wait(480).await?;
        let who = &self.customers[index].who;
        let ask = || Ask::delete(format!("/v1/orders/{order}"));
        let canceled = signed(&mut self.world, who, &browser, ask).await?;
        if canceled.status == 200 {
            count(&mut self.world.tally, "orders taken back");
        }
        Ok(())
    }

    async fn say_it_was_me(&mut self, index: usize) -> Done {
        self.find_out(index, Truth::NobodyLooks)?;
        let (browser, order) = self.order_much(index, 22_600).await?;
        self.world.wait(300).await?;
        let who = &self.customers[index].who;
        let ask = || Ask::act(format!("/v1/orders/{order}/confirm"));
        signed(&mut self.world, who, &browser, ask).await?;
        Ok(())
    }

    /// Other people's money comes in, in parts just under a limit, and is to go out at once.
    async fn launder(&mut self, index: usize, step: u8) -> Done {
        let (world, customer) = (&mut self.world, &mut self.customers[index]);
        let browser = customer.at_home(world).await?;
        match step {
            0..3 => {
                let dollars = customer.persona.chance.within(9_100, 9_900);
                customer.pay_in(world, &browser, dollars).await?;
                self.later(11 * HOUR, Act::Befall(index, step + 1));
            }
            _ => {
                customer.pay_out(world, &browser, 26_800).await?;
                self.find_out(index, Truth::Mule)?;
                self.away.insert(index);
                count(&mut self.world.tally, "mules");
            }
        }
        Ok(())
    }

    async fn change_password(&mut self, index: usize) -> Done {
        self.world.wait(5_400).await?;
        let (world, customer) = (&mut self.world, &mut self.customers[index]);
        let browser = customer.at_home(world).await?;
        let new = format!("{}-changed", customer.who.password);
        let ask = json!({ "current_password": customer.who.password, "new_password": new });
        world
            .send(&browser, Ask::post("/v1/auth/password/change", ask))
            .await?
            .one_of(&[200])?;
        customer.who.password = new;
        for browser in &mut customer.browsers {
            browser.session = None;
        }
        count(&mut world.tally, "passwords changed");
        Ok(())
    }

    /// What the desk will find out about this customer.
    fn find_out(&mut self, index: usize, truth: Truth) -> Done {
        let id = text(&json!(self.customers[index].id))?;
        self.desk.truths.insert(id, truth);
        Ok(())
    }
}
