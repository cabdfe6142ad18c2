//! Names of operations in the OpenAPI document: made from method and path, so that no two are alike and clients that
//! are generated from it have one function each.

use utoipa::openapi::{OpenApi, path::Operation};

/// Names every operation, such as `get_assets_symbol_bars` for `GET /api/v1/assets/{symbol}/bars`.
pub fn name(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words = words(path);
        let operations: [(&str, &mut Option<Operation>); 6] = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
            ("head", &mut item.head),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{words}"));
            }
        }
    }
}

fn words(path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let parts = path
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn no_two_operations_have_one_name() {
        let document = serde_json::to_value(crate::http::router::openapi()).unwrap();
        let mut names = BTreeSet::new();
        for operations in document["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                if let Some(name) = operation["operationId"].as_str() {
                    assert!(names.insert(name.to_owned()), "{name} twice");
                }
            }
        }
        assert!(names.contains("get_assets_symbol_bars"), "{names:?}");
    }
}
