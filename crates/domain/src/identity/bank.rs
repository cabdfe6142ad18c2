//! A bank account in the United States: routing number and account number.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::digits::{masked, number};
use super::hidden;
use crate::refusal::Refusal;
use crate::text::words;

words! {
    /// What kind of account it is.
    AccountKind, "kind" {
        /// For daily payments.
        Checking = "checking",
        /// For savings.
        Savings = "savings",
    }
}

/// A bank account as it is written down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccountParts {
    /// The bank: nine digits whose last is a check digit.
    pub routing_number: String,
    /// The account at this bank: 4 to 17 digits.
    pub account_number: String,
    /// `checking` or `savings`.
    pub kind: String,
}

/// A bank account whose numbers have been checked.
#[derive(Clone, PartialEq, Eq)]
pub struct BankAccount {
    routing: String,
    account: String,
    kind: AccountKind,
}
hidden!(BankAccountParts, BankAccount);

impl BankAccount {
    /// Checks all parts; blanks around the numbers are taken off.
    ///
    /// # Errors
    /// Everything that is wrong, see [`BankAccountRefused`].
    pub fn new(parts: &BankAccountParts) -> Result<Self, Vec<BankAccountRefused>> {
        let (routing, account) = (parts.routing_number.trim(), parts.account_number.trim());
        let kind = AccountKind::from_str(&parts.kind);
        let mut wrong: Vec<_> = check_routing(routing).err().into_iter().collect();
        if !(4..=17).contains(&account.len()) || !is_digits(account) {
            wrong.push(BankAccountRefused::AccountNumber);
        }
        match kind {
            Ok(kind) if wrong.is_empty() => Ok(Self {
                routing: routing.to_owned(),
                account: account.to_owned(),
                kind,
            }),
            Ok(_) => Err(wrong),
            Err(_) => {
                wrong.push(BankAccountRefused::Kind);
                Err(wrong)
            }
        }
    }

    /// The account in clear.
    #[must_use]
    pub fn parts(&self) -> BankAccountParts {
        BankAccountParts {
            routing_number: self.routing.clone(),
            account_number: self.account.clone(),
            kind: self.kind.as_str().to_owned(),
        }
    }

    /// The bank stands as it is, since its number is public; of the account the last four digits are left, of a short
    /// one fewer.
    #[must_use]
    pub fn masked(&self) -> BankAccountParts {
        let shown = (self.account.len() / 2).min(4);
        BankAccountParts {
            account_number: masked(&self.account, shown),
            ..self.parts()
        }
    }
}

/// Nine digits, a prefix that the American Bankers Association has given to banks, and the check digit: the digits
/// weighted 3, 7, 1, 3, 7, 1, 3, 7, 1 sum to a multiple of ten.
fn check_routing(text: &str) -> Result<(), BankAccountRefused> {
    if text.len() != 9 || !is_digits(text) {
        return Err(BankAccountRefused::RoutingMalformed);
    }
    let weighted = text
        .bytes()
        .zip([3, 7, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight);
    if !weighted.sum::<u32>().is_multiple_of(10) {
        return Err(BankAccountRefused::RoutingCheckDigit);
    }
    match number(&text.as_bytes()[..2]) {
        1..=12 | 21..=32 | 61..=72 => Ok(()),
        _ => Err(BankAccountRefused::RoutingUnknown),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is wrong with a bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankAccountRefused {
    /// The routing number is not nine digits.
    #[error("the routing number must have nine digits")]
    RoutingMalformed,
    /// The routing number's check digit is wrong, so one digit at least is.
    #[error("a digit of the routing number is wrong")]
    RoutingCheckDigit,
    /// No bank has a routing number that begins like this.
    #[error("no bank's routing number begins with these two digits")]
    RoutingUnknown,
    /// The account number is not 4 to 17 digits.
    #[error("the account number must have 4 to 17 digits")]
    AccountNumber,
    /// Neither of the two kinds.
    #[error("the kind of account must be checking or savings")]
    Kind,
}

impl Refusal for BankAccountRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::RoutingMalformed => "bank_account.routing_malformed",
            Self::RoutingCheckDigit => "bank_account.routing_check_digit",
            Self::RoutingUnknown => "bank_account.routing_unknown",
            Self::AccountNumber => "bank_account.account_number",
            Self::Kind => "bank_account.kind",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::RoutingMalformed | Self::RoutingCheckDigit | Self::RoutingUnknown => {
                "bank_account.routing_number"
            }
            Self::AccountNumber => "bank_account.account_number",
            Self::Kind => "bank_account.kind",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn account(routing: &str, account: &str, kind: &str) -> Result<BankAccount, Vec<BankAccountRefused>> {
        BankAccount::new(&BankAccountParts {
            routing_number: routing.to_owned(),
            account_number: account.to_owned(),
            kind: kind.to_owned(),
        })
    }

    #[test]
    fn sound_accounts_are_taken_and_masked() {
        // Routing numbers that the Federal Reserve Banks themselves publish: New York, Boston, San Francisco.
        for routing in ["021001208", "011000015", "121000374"] {
            let account = account(routing, " 000123456789 ", "checking").unwrap();
            let masked = account.masked();
            assert_eq!(masked.routing_number, routing);
            assert_eq!(masked.account_number, "XXXXXXXX6789");
            assert_eq!(account.parts().account_number, "000123456789");
        }
        assert_eq!(
            account("021001208", "1234", "savings")
                .unwrap()
                .masked()
                .account_number,
            "XX34"
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        use BankAccountRefused::{AccountNumber, Kind, RoutingCheckDigit, RoutingMalformed, RoutingUnknown};
        assert_eq!(
            account("021001207", "12", "gold"),
            Err(vec![RoutingCheckDigit, AccountNumber, Kind])
        );
        assert_eq!(
            account("02100120", "1234", "savings"),
            Err(vec![RoutingMalformed])
        );
        assert_eq!(account("000000000", "1234", "savings"), Err(vec![RoutingUnknown]));
        assert_eq!(account("021001208", "12a4", "savings"), Err(vec![AccountNumber]));
        assert_eq!(
            account("021001208", &"1".repeat(18), "savings"),
            Err(vec![AccountNumber])
        );
    }

    proptest! {
        /// One wrong digit, or two neighbours exchanged that do not differ by five, never goes unnoticed.
        #[test]
        fn slips_of_the_pen_are_noticed(bank in 0..10_000_000_u32, at in 0..9_usize, other in 0..10_u8) {
            let head = format!("02{:06}", bank % 1_000_000);
            let check = (0..10).find(|check| check_routing(&format!("{head}{check}")).is_ok()).unwrap();
            let sound = format!("{head}{check}");
            let mut slip = sound.clone().into_bytes();
            slip[at] = b'0' + other;
            let slip = String::from_utf8(slip).unwrap();
            prop_assert_eq!(check_routing(&slip).is_ok(), slip == sound);
            if at < 8 {
                let mut swapped = sound.clone().into_bytes();
                swapped.swap(at, at + 1);
                let apart = swapped[at].abs_diff(swapped[at + 1]);
                if apart != 0 && apart != 5 {
                    prop_assert!(check_routing(std::str::from_utf8(&swapped).unwrap()).is_err());
                }
            }
        }
    }
}
