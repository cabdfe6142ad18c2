//! The likelihood against reference scores computed by an independent implementation of the literature's formula.

use std::{collections::HashMap, path::PathBuf};

use serde::Deserialize;

use super::examples::noon;
use crate::risk::{Counts, Features, Population, Weights, ratio};

#[derive(Deserialize)]
struct Reference {
    weights: ReferenceWeights,
    rows: Vec<Row>,
    expected: Vec<(usize, f64)>,
}

/// Person, address, network, country, user agent, browser, system, kind of device.
type Row = (u64, String, u64, String, String, String, String, String);

#[derive(Deserialize)]
struct ReferenceWeights {
    ip: [f64; 3],
    ua: [f64; 4],
}

#[test]
fn every_reference_score_is_met() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment says where the data lies"
    )]
    let Ok(folder) = std::env::var("STOCKADE_TEST_DATA") else {
        return;
    };
    let file = PathBuf::from(folder).join("rba/rba_vectors.json");
    let reference: Reference =
        serde_json::from_slice(&std::fs::read(file).expect("the reference scores")).expect("their form");
    let weights = Weights {
        address: reference.weights.ip,
        program: reference.weights.ua,
    };
    let expected: HashMap<usize, f64> = reference.expected.into_iter().collect();
    let mut everybody = Population::default();
    let mut people: HashMap<u64, Counts> = HashMap::new();
    let mut met = 0;
    for (index, row) in reference.rows.into_iter().enumerate() {
        let (user, ip, network, country, agent, browser, system, device_kind) = row;
        let features = Features {
            ip: Some(ip),
            network: Some(network.to_string()),
            country: Some(country),
            agent: Some(agent),
            browser: Some(browser),
            system: Some(system),
            device_kind: Some(device_kind),
        };
        let first = !people.contains_key(&user);
        let counts = people.entry(user).or_default();
        if let Some(expected) = expected.get(&index) {
            let found = ratio(&weights, counts, &everybody.crowd(&features), &features).expect("a score");
            assert!(
                (found - expected).abs() <= 1e-9,
                "row {index}: {found}, not {expected}"
            );
            met += 1;
        }
        counts.add(&features, noon());
        everybody.add(&features, first);
    }
    assert_eq!(met, 335);
}
