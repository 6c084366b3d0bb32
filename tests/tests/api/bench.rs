//! The benchmark, with tiny numbers: it must not rot, and what it says of losses must be none.

use std::fs;
use std::process::Command;

use floorbook_tests::stage;
use serde_json::Value;

#[test]
fn every_work_of_the_benchmark_runs_and_loses_nothing() {
    let Some(server) = stage::server("every_work_of_the_benchmark_runs_and_loses_nothing") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("measures.json");
    let status = Command::new(env!("CARGO_BIN_EXE_bench"))
        .arg("--server")
        .arg(server)
        .arg("--folder")
        .arg(folder.path())
        .arg("--json")
        .arg(&json)
        .args(["--smoke", "--cards", "50", "--changes", "5"])
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(json).unwrap();
    let measures: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for work in ["W1", "W2", "W2r", "W3", "W4", "W5", "W6", "W7"] {
        assert!(
            measures.iter().any(|measure| measure["work"] == work),
            "{work}"
        );
    }
    for measure in &measures {
        for key in ["missing", "lost_acked", "unreadable_documents"] {
            assert_eq!(measure[key].as_u64().unwrap_or(0), 0, "{key} in {measure}");
        }
    }
}
