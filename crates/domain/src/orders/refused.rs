//! Why an order is not taken as it stands.

use super::client_id::InvalidClientOrderId;
use super::status::IllegalMove;
use crate::amounts::NumberRefused;
use crate::money::AmountError;
use crate::refusal::{Refusal, RefusalClass, UnknownWord};
use crate::symbol::InvalidSymbol;

/// Why an order's terms, or a move of an order, are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefused {
    /// The symbol cannot be one.
    #[error(transparent)]
    Symbol(#[from] InvalidSymbol),
    /// The side or time in force is not a known word.
    #[error(transparent)]
    Word(#[from] UnknownWord),
    /// A type that is none of ours.
    #[error("the order type is not supported; market, limit, stop and stop_limit are")]
    TypeNotSupported,
    /// The client's name for the order cannot be one.
    #[error(transparent)]
    ClientOrderId(#[from] InvalidClientOrderId),
    /// A quantity, notional or price that is not a sound number.
    #[error(transparent)]
    Number(#[from] NumberRefused),
    /// Both a quantity and a notional.
    #[error("an order has either qty or notional, not both")]
    QtyAndNotional,
    /// Neither a quantity nor a notional.
    #[error("an order needs qty or notional")]
    SizeMissing,
    /// A notional with a limit price.
    #[error("only a market order can be placed by notional")]
    NotionalNeedsMarket,
    /// A limit or stop-limit order without its limit.
    #[error("a limit order needs limit_price")]
    LimitPriceMissing,
    /// A market or stop order with a limit price.
    #[error("only limit and stop_limit orders have a limit_price")]
    LimitPriceForbidden,
    /// A stop or stop-limit order without its stop.
    #[error("a stop order needs stop_price")]
    StopPriceMissing,
    /// A market or limit order with a stop price.
    #[error("only stop and stop_limit orders have a stop_price")]
    StopPriceForbidden,
    /// A stop that must fill at once.
    #[error("a stop order waits for its price, so it is good for the day or until canceled")]
    StopCannotWait,
    /// A replacement that changes nothing.
    #[error("name what to change: qty, limit_price, stop_price or time_in_force")]
    NothingToReplace,
    /// A replacement of an order by notional.
    #[error("an order by notional cannot be replaced; cancel it and place another")]
    NotionalCannotBeReplaced,
    /// A replacement for no more than was filled already.
    #[error("as much as that was filled already")]
    FilledAlready,
    /// Worth more than an order may be.
    #[error("the order is worth too much")]
    TooLarge,
    /// Worth less than one minor unit of the currency.
    #[error("the order is worth less than the smallest amount of its currency")]
    TooSmall,
    /// The order cannot move to that state.
    #[error(transparent)]
    Move(#[from] IllegalMove),
    /// An execution or a stored record that contradicts its order: a fault.
    #[error("the {0} contradicts the order")]
    Contradiction(&'static str),
    /// Amounts do not fit together.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl Refusal for OrderRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Symbol(why) => why.code(),
            Self::Word(why) => why.code(),
            Self::TypeNotSupported => "order.type_not_supported",
            Self::ClientOrderId(why) => why.code(),
            Self::Number(why) => why.code(),
            Self::QtyAndNotional => "order.qty_and_notional",
            Self::SizeMissing => "order.size_missing",
            Self::NotionalNeedsMarket => "order.notional_needs_market",
            Self::LimitPriceMissing => "order.limit_price_missing",
            Self::LimitPriceForbidden => "order.limit_price_forbidden",
            Self::StopPriceMissing => "order.stop_price_missing",
            Self::StopPriceForbidden => "order.stop_price_forbidden",
            Self::StopCannotWait => "order.stop_cannot_wait",
            Self::NothingToReplace => "order.nothing_to_replace",
            Self::NotionalCannotBeReplaced => "order.notional_cannot_be_replaced",
            Self::FilledAlready => "order.filled_already",
            Self::TooLarge => "order.too_large",
            Self::TooSmall => "order.too_small",
            Self::Move(why) => why.code(),
            Self::Contradiction(_) => "order.contradiction",
            Self::Amount(why) => why.code(),
        }
    }

    fn class(&self) -> RefusalClass {
        match self {
            Self::Move(why) => why.class(),
            Self::NotionalCannotBeReplaced | Self::FilledAlready => RefusalClass::Conflict,
            Self::Contradiction(_) => RefusalClass::Fault,
            Self::Amount(why) => why.class(),
            _ => RefusalClass::Invalid,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Symbol(why) => why.field(),
            Self::Word(why) => why.field(),
            Self::TypeNotSupported => Some("type"),
            Self::ClientOrderId(why) => why.field(),
            Self::Number(why) => why.field(),
            Self::QtyAndNotional | Self::NotionalNeedsMarket => Some("notional"),
            Self::SizeMissing | Self::FilledAlready => Some("qty"),
            Self::LimitPriceMissing | Self::LimitPriceForbidden => Some("limit_price"),
            Self::StopPriceMissing | Self::StopPriceForbidden => Some("stop_price"),
            Self::StopCannotWait => Some("time_in_force"),
            Self::NothingToReplace
            | Self::NotionalCannotBeReplaced
            | Self::TooLarge
            | Self::TooSmall
            | Self::Move(_)
            | Self::Contradiction(_)
            | Self::Amount(_) => None,
        }
    }
}
