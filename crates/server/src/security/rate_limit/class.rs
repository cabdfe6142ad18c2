//! Classes of routes: what may be asked how often.
//!
//! The class of a route stands beside it, in its description: `extensions(("x-rate-limit" = json!("sign_in")))`. A route
//! that only reads needs none and is a plain read; every other must name one, which a test sees to.

use serde::Serialize;
use utoipa::ToSchema;

use crate::config::{RateLimit, Rates};

/// The extension of OpenAPI that names an operation's class.
pub const EXTENSION: &str = "x-rate-limit";

macro_rules! classes {
    ($($(#[$about:meta])* $class:ident = $name:ident,)+) => {
        /// What may be asked how often.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum RateClass {
            $($(#[$about])* $class,)+
        }

        impl RateClass {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$class),+];

            /// The name in settings and descriptions.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$class => stringify!($name),)+
                }
            }

            /// The limits that are set for it.
            pub fn rates(self, settings: &RateLimit) -> Rates {
                match self {
                    $(Self::$class => settings.$name,)+
                }
            }

            /// The class of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|class| class.name() == name)
            }
        }
    };
}

classes! {
    /// Plain reads.
    Read = read,
    /// Small changes.
    Write = write,
    /// Health checks.
    Health = health,
    /// Renewing and ending sessions.
    Refresh = refresh,
    /// Signing in.
    SignIn = sign_in,
    /// Second factors and other steps of a sign-in.
    SecondFactor = second_factor,
    /// Registering, mailed links, forgotten passwords.
    Recovery = recovery,
    /// What a password would be worth.
    PasswordStrength = password_strength,
    /// How an account is secured, keys, identity data.
    Sensitive = sensitive,
    /// Orders.
    Trade = trade,
    /// Deposits, withdrawals, payees.
    Cash = cash,
    /// Changes and heavy reads by staff.
    Desk = desk,
}
