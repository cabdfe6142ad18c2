//! Reading an expression and checking its types. What cannot be checked here is refused here.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators as op};

use super::{Arithmetic, Comparison, Node};
use crate::risk::facts::{self, Kind, Type};

/// The longest expression, in bytes, and the deepest nesting: a policy is read by people.
const LONGEST: usize = 2_000;
const DEEPEST: usize = 40;

/// Why an expression is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// What is wrong, in a sentence.
    pub message: String,
    /// In which line of the expression, from 1, where that is known.
    pub line: Option<usize>,
}

type Checked<T> = Result<T, ExpressionError>;

pub(super) fn read(text: &str, wanted: Type, kind: Kind) -> Checked<(Node, Vec<usize>)> {
    if text.len() > LONGEST {
        return Err(wrong(format!("the expression is longer than {LONGEST} bytes")));
    }
    // The parser recurses, so that what nests too deeply is refused before it is parsed.
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' | '!' | '-' | '?' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(wrong(format!(
                "the expression nests deeper than {DEEPEST} levels"
            )));
        }
    }
    let program = cel::Program::compile(text).map_err(|errors| syntax(&errors))?;
    let mut reader = Reader {
        kind,
        asks: Vec::new(),
    };
    let (root, found) = reader.node(program.expression())?;
    if found != wanted {
        return Err(wrong(format!("it comes to {found}, but {wanted} is wanted")));
    }
    Ok((root, reader.asks))
}

fn syntax(errors: &cel::ParseErrors) -> ExpressionError {
    let first = errors.errors.first();
    ExpressionError {
        message: first.map_or_else(
            || "cannot be read".to_owned(),
            |error| format!("cannot be read: {}", error.msg),
        ),
        line: first
            .and_then(|error| usize::try_from(error.pos.0).ok())
            .filter(|line| *line > 0),
    }
}

fn wrong(message: String) -> ExpressionError {
    ExpressionError { message, line: None }
}

struct Reader {
    kind: Kind,
    asks: Vec<usize>,
}

impl Reader {
    fn node(&mut self, expression: &IdedExpr) -> Checked<(Node, Type)> {
        match &expression.expr {
            Expr::Ident(name) => self.fact(name),
            Expr::Literal(LiteralValue::Boolean(value)) => Ok((Node::Bool(*value.inner()), Type::Bool)),
            Expr::Literal(LiteralValue::Int(value)) => Ok((Node::Int(*value.inner()), Type::Int)),
            Expr::Literal(LiteralValue::String(text)) => {
                Ok((Node::Text(text.inner().to_owned()), Type::Text))
            }
            Expr::Literal(LiteralValue::Double(_)) => Err(wrong(
                "numbers with a decimal point are not used; scores and ratios are thousandths".into(),
            )),
            Expr::Call(call) => self.call(call),
            _ => Err(wrong(
                "only facts, whole numbers, texts, true, false and operators may be used".into(),
            )),
        }
    }

    fn fact(&mut self, name: &str) -> Checked<(Node, Type)> {
        let Some((slot, fact)) = facts::find(self.kind, name) else {
            let near = facts::nearest(self.kind, name);
            return Err(wrong(format!(
                "there is no fact {name:?}; did you mean {near:?}?"
            )));
        };
        if !self.asks.contains(&slot) {
            self.asks.push(slot);
        }
        Ok((Node::Fact(slot, fact.kind), fact.kind))
    }

    fn call(&mut self, call: &CallExpr) -> Checked<(Node, Type)> {
        let args = match &call.target {
            None => &*call.args,
            Some(_) => return Err(unsupported(&call.func_name)),
        };
        match (&*call.func_name, args) {
            (op::LOGICAL_NOT, [inner]) => {
                Ok((Node::Not(Box::new(self.of(inner, Type::Bool, "!")?)), Type::Bool))
            }
            (op::NEGATE, [inner]) => Ok((Node::Minus(Box::new(self.of(inner, Type::Int, "-")?)), Type::Int)),
            (op::LOGICAL_AND, [one, other]) => {
                Ok((Node::And(self.pair(one, other, Type::Bool, "&&")?), Type::Bool))
            }
            (op::LOGICAL_OR, [one, other]) => {
                Ok((Node::Or(self.pair(one, other, Type::Bool, "||")?), Type::Bool))
            }
            (op::CONDITIONAL, [condition, yes, no]) => {
                let condition = self.of(condition, Type::Bool, "?")?;
                let (yes, found) = self.node(yes)?;
                let no = self.of(no, found, ":")?;
                Ok((Node::If(Box::new((condition, yes, no))), found))
            }
            (op::IN, [sought, list]) => self.one_of(sought, list),
            (name, [one, other]) => {
                if let Some((how, sign)) = arithmetic(name) {
                    return Ok((Node::Sum(how, self.pair(one, other, Type::Int, sign)?), Type::Int));
                }
                let Some((how, sign)) = comparison(name) else {
                    return Err(unsupported(name));
                };
                let (first, found) = self.node(one)?;
                if found == Type::Bool && !matches!(how, Comparison::Equal | Comparison::NotEqual) {
                    return Err(wrong(format!("{sign} compares numbers or texts, not {found}")));
                }
                let second = self.of(other, found, sign)?;
                Ok((Node::Compare(how, Box::new((first, second))), Type::Bool))
            }
            (name, _) => Err(unsupported(name)),
        }
    }

    fn one_of(&mut self, sought: &IdedExpr, list: &IdedExpr) -> Checked<(Node, Type)> {
        let Expr::List(list) = &list.expr else {
            return Err(wrong("`in` wants a list such as [\"AB\", \"CD\"]".into()));
        };
        let (sought, found) = self.node(sought)?;
        let candidates = list
            .elements
            .iter()
            .map(|candidate| self.of(candidate, found, "in"));
        let candidates = candidates.collect::<Checked<Vec<_>>>()?;
        Ok((Node::OneOf(Box::new(sought), candidates), Type::Bool))
    }

    fn pair(
        &mut self,
        one: &IdedExpr,
        other: &IdedExpr,
        wanted: Type,
        sign: &str,
    ) -> Checked<Box<(Node, Node)>> {
        Ok(Box::new((
            self.of(one, wanted, sign)?,
            self.of(other, wanted, sign)?,
        )))
    }

    fn of(&mut self, expression: &IdedExpr, wanted: Type, sign: &str) -> Checked<Node> {
        let (node, found) = self.node(expression)?;
        if found == wanted {
            return Ok(node);
        }
        Err(wrong(format!("{sign} wants {wanted} here, not {found}")))
    }
}

fn unsupported(name: &str) -> ExpressionError {
    wrong(format!(
        "the function or operator {name:?} is not part of the language of rules"
    ))
}

fn arithmetic(name: &str) -> Option<(Arithmetic, &'static str)> {
    Some(match name {
        op::ADD => (Arithmetic::Add, "+"),
        op::SUBSTRACT => (Arithmetic::Subtract, "-"),
        op::MULTIPLY => (Arithmetic::Multiply, "*"),
        op::DIVIDE => (Arithmetic::Divide, "/"),
        op::MODULO => (Arithmetic::Remainder, "%"),
        _ => return None,
    })
}

fn comparison(name: &str) -> Option<(Comparison, &'static str)> {
    Some(match name {
        op::EQUALS => (Comparison::Equal, "=="),
        op::NOT_EQUALS => (Comparison::NotEqual, "!="),
        op::LESS => (Comparison::Less, "<"),
        op::LESS_EQUALS => (Comparison::LessOrEqual, "<="),
        op::GREATER => (Comparison::Greater, ">"),
        op::GREATER_EQUALS => (Comparison::GreaterOrEqual, ">="),
        _ => return None,
    })
}
