//! The benchmark of the screen, with tiny numbers: it must not rot.

use std::fs;
use std::process::Command;

use floorbook_tests::stage::Stage;
use serde_json::Value;

#[test]
fn every_figure_of_the_screen_is_measured() {
    let Some(stage) = Stage::find("every_figure_of_the_screen_is_measured") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let status = Command::new(env!("CARGO_BIN_EXE_bench-screen"))
        .arg("--server")
        .arg(&stage.server)
        .arg("--web")
        .arg(&stage.web)
        .arg("--folder")
        .arg(folder.path())
        .arg("--json")
        .arg(&json)
        .args([
            "--smoke",
            "--cards",
            "40",
            "--changes",
            "5",
            "--throttle",
            "1",
        ])
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(json).unwrap();
    let figures: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let with_target = figures.iter().filter(|figure| figure["target"].is_number());
    assert_eq!(with_target.count(), 9);
    for figure in &figures {
        assert!(figure["p95"].is_number(), "{figure}");
    }
}
