//! What the OCSF schema asks of the classes we use, written down as data, and events held against it.

use serde_json::{Map, Value};

/// Fails unless the event has what its class requires.
#[track_caller]
pub(super) fn check(event: &Value) {
    let facts: Value = serde_json::from_str(include_str!("ocsf_facts.json")).unwrap();
    let said = event.as_object().unwrap();
    let every = &facts["every"];
    has_all(said, &every["required"], event);
    has_all(said["metadata"].as_object().unwrap(), &every["metadata"], event);
    has_all(
        said["metadata"]["product"].as_object().unwrap(),
        &every["product"],
        event,
    );
    assert_eq!(said["metadata"]["version"], facts["schema"]);
    assert!(among(&event["severity_id"], &every["severity_id"]), "{event}");

    let class = &facts["classes"][event["class_uid"].to_string()];
    assert!(class.is_object(), "an unknown class: {event}");
    has_all(said, &class["required"], event);
    assert_eq!(event["category_uid"], class["category"], "{event}");
    assert!(among(&event["activity_id"], &class["activities"]), "{event}");
    assert!(among(&event["status_id"], &class["status_id"]), "{event}");
    let number = |name: &str| event[name].as_i64().unwrap();
    assert_eq!(
        number("type_uid"),
        number("class_uid") * 100 + number("activity_id"),
        "{event}"
    );
    // Milliseconds: between 2020 and 2100.
    assert!(
        (1_577_836_800_000..4_102_444_800_000).contains(&number("time")),
        "{event}"
    );
    if let Some(one_of) = class["one_of"].as_array() {
        assert!(
            one_of
                .iter()
                .any(|name| said.contains_key(name.as_str().unwrap())),
            "{event}"
        );
    }
    for (object, required) in class["within"].as_object().into_iter().flatten() {
        has_all(event[object].as_object().unwrap(), required, event);
    }
    for (object, any) in facts["objects"].as_object().unwrap() {
        if let Some(said) = event[object].as_object() {
            let any = any.as_array().unwrap();
            assert!(
                any.iter().any(|name| said.contains_key(name.as_str().unwrap())),
                "{object}: {event}"
            );
        }
    }
    for finding in event["finding_info_list"].as_array().into_iter().flatten() {
        assert!(
            finding["uid"].is_string() && finding["title"].is_string(),
            "{event}"
        );
    }
}

#[track_caller]
fn has_all(object: &Map<String, Value>, names: &Value, event: &Value) {
    for name in names.as_array().unwrap() {
        assert!(
            object.contains_key(name.as_str().unwrap()),
            "{name} is missing: {event}"
        );
    }
}

fn among(value: &Value, allowed: &Value) -> bool {
    allowed.as_array().unwrap().contains(value)
}

#[test]
#[should_panic(expected = "is missing")]
fn an_event_that_lacks_something_fails() {
    check(&serde_json::json!({ "class_uid": 3002 }));
}
