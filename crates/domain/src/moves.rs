//! Legal moves between the states of something that ends, such as an order or a transfer.

/// Gives a status that has `moves()` its `to` and `is_closed`, and the refusal of an illegal move, with codes `THING.closed`
/// and `THING.illegal_move`.
macro_rules! legal_moves {
    ($status:ident, $illegal:ident, $thing:literal) => {
        impl $status {
            /// Moves on, if the move is legal.
            ///
            /// # Errors
            /// When it is not.
            pub fn to(self, next: Self) -> Result<Self, $illegal> {
                if self.moves().contains(&next) {
                    Ok(next)
                } else {
                    Err($illegal {
                        from: self,
                        to: next,
                    })
                }
            }

            /// Whether nothing more can happen.
            #[must_use]
            pub const fn is_closed(self) -> bool {
                self.moves().is_empty()
            }
        }

        #[doc = concat!("The ", $thing, " cannot go from one state to the other.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("the {} is {from} and cannot become {to}", $thing)]
        pub struct $illegal {
            /// The state it is in.
            pub from: $status,
            /// The state asked for.
            pub to: $status,
        }

        impl $crate::refusal::Refusal for $illegal {
            fn code(&self) -> &'static str {
                if self.from.is_closed() {
                    concat!($thing, ".closed")
                } else {
                    concat!($thing, ".illegal_move")
                }
            }

            fn class(&self) -> $crate::refusal::RefusalClass {
                $crate::refusal::RefusalClass::Conflict
            }
        }
    };
}
pub(crate) use legal_moves;
