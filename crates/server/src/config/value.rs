//! Values before they are typed. The default's kind is the setting's kind.

use toml::Value;

/// A value written as text, in a variable or a flag. Lists are comma-separated.
///
/// # Errors
/// What is wrong with it. Secrets are text, and any text is acceptable here, so none is ever shown.
pub(super) fn of_text(default: &Value, text: &str) -> Result<Value, String> {
    match default {
        Value::Integer(_) => text
            .trim()
            .parse()
            .map(Value::Integer)
            .map_err(|_| wrong(default, &format!("{text:?}"))),
        Value::Boolean(_) => text
            .trim()
            .parse()
            .map(Value::Boolean)
            .map_err(|_| wrong(default, &format!("{text:?}"))),
        Value::Array(_) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(Value::from).collect()))
        }
        _ => Ok(Value::from(text)),
    }
}

/// Whether a value in a file is of the setting's kind.
///
/// # Errors
/// What is wrong with it, without showing it.
pub(super) fn check_kind(default: &Value, given: &Value) -> Result<(), String> {
    let same = match (default, given) {
        (Value::Array(_), Value::Array(parts)) => parts.iter().all(Value::is_str),
        _ => default.same_type(given),
    };
    if same {
        Ok(())
    } else {
        Err(wrong(default, kind(given)))
    }
}

fn wrong(default: &Value, given: &str) -> String {
    let (kind, example) = match default {
        Value::Integer(_) => ("a whole number", "digits, as in 10"),
        Value::Boolean(_) => ("true or false", "one of the two"),
        Value::Array(_) => ("a list of texts", "[\"one\", \"two\"]"),
        _ => ("a text", "it in quotes"),
    };
    format!("must be {kind}, not {given}; write {example}")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a fraction",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "such a list",
        Value::Table(_) => "a section",
    }
}
