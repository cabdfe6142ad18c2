//! The language of rules: the part of the Common Expression Language (CEL, cel.dev) that can be checked completely
//! before it runs, and whose every evaluation ends. Numbers are whole; names are facts.
//!
//! The `cel` crate reads the text. What it reads is checked here against the types of the facts, which the crate does
//! not do, and kept in a form of our own, so that a newer version of the crate cannot change an old decision.
//!
//! Logic has three values: what depends on an unknown fact is unknown, unless the rest decides it already.

mod check;
mod read;

use serde::Serialize;

pub use check::ExpressionError;

use super::facts::{Facts, Type};

/// A fact's or an expression's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nobody knows; `null` where it is written down.
    #[default]
    Unknown,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<Option<bool>> for Value {
    fn from(known: Option<bool>) -> Self {
        known.map_or(Self::Unknown, Self::Bool)
    }
}

impl From<Option<i64>> for Value {
    fn from(known: Option<i64>) -> Self {
        known.map_or(Self::Unknown, Self::Int)
    }
}

impl From<Option<&str>> for Value {
    fn from(known: Option<&str>) -> Self {
        known.map_or(Self::Unknown, |text| Self::Text(text.to_owned()))
    }
}

/// A checked expression.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    root: Node,
    /// The facts it asks for, by their places in the catalogue, each once.
    pub(super) asks: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Node {
    Bool(bool),
    Int(i64),
    Text(String),
    Fact(usize, Type),
    Not(Box<Node>),
    Minus(Box<Node>),
    And(Box<(Node, Node)>),
    Or(Box<(Node, Node)>),
    If(Box<(Node, Node, Node)>),
    Sum(Arithmetic, Box<(Node, Node)>),
    Compare(Comparison, Box<(Node, Node)>),
    OneOf(Box<Node>, Vec<Node>),
}

#[derive(Clone, Copy, Debug)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value while it is computed; texts are borrowed.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Known<'a> {
    Bool(bool),
    Int(i64),
    Text(&'a str),
}

impl Expression {
    /// Reads and checks an expression that must come to `wanted`.
    pub(super) fn read(text: &str, wanted: Type, kind: super::facts::Kind) -> Result<Self, ExpressionError> {
        let (root, asks) = check::read(text, wanted, kind)?;
        Ok(Self { root, asks })
    }

    /// Whether it holds; `None` when that is unknown.
    pub(super) fn holds(&self, facts: &Facts) -> Option<bool> {
        boolean(&self.root, facts)
    }

    /// What number it comes to; `None` when that is unknown, or no number: a division by zero, a number too large.
    pub(super) fn number(&self, facts: &Facts) -> Option<i64> {
        integer(&self.root, facts)
    }
}

fn known<'a>(node: &'a Node, facts: &'a Facts) -> Option<Known<'a>> {
    match node {
        Node::Text(text) => Some(Known::Text(text)),
        Node::Fact(slot, Type::Text) => match facts.at(*slot) {
            Value::Text(text) => Some(Known::Text(text)),
            _ => None,
        },
        Node::Int(_) | Node::Minus(_) | Node::Sum(..) | Node::Fact(_, Type::Int) => {
            integer(node, facts).map(Known::Int)
        }
        Node::If(parts) => match boolean(&parts.0, facts)? {
            true => known(&parts.1, facts),
            false => known(&parts.2, facts),
        },
        _ => boolean(node, facts).map(Known::Bool),
    }
}

fn boolean(node: &Node, facts: &Facts) -> Option<bool> {
    match node {
        Node::Bool(value) => Some(*value),
        Node::Fact(slot, _) => match facts.at(*slot) {
            Value::Bool(value) => Some(*value),
            _ => None,
        },
        Node::Not(inner) => boolean(inner, facts).map(|value| !value),
        Node::And(pair) => match (boolean(&pair.0, facts), boolean(&pair.1, facts)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Node::Or(pair) => match (boolean(&pair.0, facts), boolean(&pair.1, facts)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Node::If(parts) => match boolean(&parts.0, facts)? {
            true => boolean(&parts.1, facts),
            false => boolean(&parts.2, facts),
        },
        Node::Compare(how, pair) => {
            let (one, other) = (known(&pair.0, facts)?, known(&pair.1, facts)?);
            Some(match how {
                Comparison::Equal => one == other,
                Comparison::NotEqual => one != other,
                Comparison::Less => one < other,
                Comparison::LessOrEqual => one <= other,
                Comparison::Greater => one > other,
                Comparison::GreaterOrEqual => one >= other,
            })
        }
        Node::OneOf(sought, list) => {
            let sought = known(sought, facts)?;
            let mut unknown = false;
            for candidate in list {
                match known(candidate, facts) {
                    Some(candidate) if candidate == sought => return Some(true),
                    Some(_) => {}
                    None => unknown = true,
                }
            }
            (!unknown).then_some(false)
        }
        Node::Int(_) | Node::Text(_) | Node::Minus(_) | Node::Sum(..) => None,
    }
}

fn integer(node: &Node, facts: &Facts) -> Option<i64> {
    match node {
        Node::Int(value) => Some(*value),
        Node::Fact(slot, _) => match facts.at(*slot) {
            Value::Int(value) => Some(*value),
            _ => None,
        },
        Node::Minus(inner) => integer(inner, facts)?.checked_neg(),
        Node::If(parts) => match boolean(&parts.0, facts)? {
            true => integer(&parts.1, facts),
            false => integer(&parts.2, facts),
        },
        Node::Sum(how, pair) => {
            let (one, other) = (integer(&pair.0, facts)?, integer(&pair.1, facts)?);
            match how {
                Arithmetic::Add => one.checked_add(other),
                Arithmetic::Subtract => one.checked_sub(other),
                Arithmetic::Multiply => one.checked_mul(other),
                Arithmetic::Divide => one.checked_div(other),
                Arithmetic::Remainder => one.checked_rem(other),
            }
        }
        _ => None,
    }
}
