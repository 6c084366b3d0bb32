//! The program `device` against the real server program.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use floorbook_tests::bench::server::BenchServer;
use floorbook_tests::bench::store::{self, Shape};
use floorbook_tests::stage;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A server with three cards, and a folder for tablets beside it.
struct World {
    server: BenchServer,
    folder: TempDir,
}

impl World {
    fn start(story: &str) -> Option<Self> {
        let program = stage::server(story)?;
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = store::prepare(folder.path(), Shape::usual(3, 5)).unwrap();
        let data = folder.path().join("data");
        store::copy(&store, &data).unwrap();
        let server = BenchServer::start(&program, &data, None).unwrap();
        Some(Self { server, folder })
    }

    fn tablet(&self, name: &str) -> Tablet {
        let tablet = Tablet(self.folder.path().join(name));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let code = runtime.block_on(self.server.enrolment_code()).unwrap();
        tablet.run(&["enrol", &self.server.url()], code.expose());
        let said = tablet.run(&["sign-in", &store::name(0)], store::PASSWORD);
        assert!(said.starts_with(&store::name(0)), "{said}");
        tablet
    }
}

struct Tablet(PathBuf);

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_device"));
    command
        .arg("--folder")
        .arg(folder)
        .env_remove("FLOORBOOK_PASSWORD")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

impl Tablet {
    /// Runs the program once and returns what it printed.
    fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut child = program(&self.0).args(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        writeln!(stdin, "{input}").unwrap_or_default();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn ask(&self, arguments: &[&str]) -> String {
        self.run(arguments, "")
    }

    /// Is connected for a moment, whether or not everything gets in sync.
    fn try_to_sync(&self) {
        let mut sync = program(&self.0);
        sync.args(["sync", "--seconds", "2"]);
        sync.stderr(Stdio::null()).status().unwrap();
    }
}

#[test]
fn work_of_one_program_arrives_in_another_one() {
    let Some(world) = World::start("work_of_one_program_arrives_in_another_one") else {
        return;
    };
    let (first, second) = (world.tablet("first"), world.tablet("second"));
    first.ask(&["sync"]);
    assert_eq!(first.ask(&["list"]).lines().count(), 3);

    let create = [
        "create",
        "--name",
        "李女士",
        "--phone",
        "13800000000",
        "--field",
        "city=杭州市",
    ];
    let card = first.ask(&create);
    let card = card.trim();
    first.ask(&["edit", card, "city=", "district=滨江区"]);
    first.ask(&["contact", card, "--note", "看了沙发", "--next", "量尺"]);
    let listed = first.ask(&["list"]);
    let line = listed.lines().find(|line| line.starts_with(card)).unwrap();
    assert!(line.contains("李女士"), "{line}");
    assert!(line.ends_with("3 unsent"), "{line}");
    let status: Value = serde_json::from_str(&first.ask(&["status"])).unwrap();
    assert_eq!(status["unsent"], 3);

    first.ask(&["sync"]);
    second.ask(&["sync"]);
    assert_eq!(first.ask(&["heads"]), second.ask(&["heads"]));
    let shown: Value = serde_json::from_str(&second.ask(&["show", card])).unwrap();
    let customer = &shown["customer"];
    assert_eq!(customer["fields"]["name"], "李女士");
    assert_eq!(customer["fields"]["district"], "滨江区");
    assert_eq!(customer["fields"]["city"], Value::Null);
    assert_eq!(customer["contacts"][0]["note"], "看了沙发");
}

#[test]
fn lines_of_json_drive_a_tablet() {
    let Some(world) = World::start("lines_of_json_drive_a_tablet") else {
        return;
    };
    let folder = world.folder.path().join("tablet");
    let mut child = program(&folder).arg("json").spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut say = |line: Value| writeln!(stdin, "{line}").unwrap();
    // What is said up to a certain line, and that line.
    let mut until = |is_wanted: &dyn Fn(&Value) -> bool| -> (Vec<Value>, Value) {
        let mut before = Vec::new();
        loop {
            let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
            if is_wanted(&line) {
                return (before, line);
            }
            before.push(line);
        }
    };
    say(json!({ "verb": "dance", "id": 1 }));
    let (_, answer) = until(&|line| line["id"] == 1);
    assert_eq!(answer["answer"], "unknown");
    let url = world.server.url();
    let name = store::name(0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let code = runtime.block_on(world.server.enrolment_code()).unwrap();
    say(json!({ "verb": "enrol", "server": url, "code": code, "name": "Counter" }));
    let (_, answer) = until(&|line| line["answer"] == "enrol");
    assert_eq!(answer["code"], "F02");
    say(json!({ "verb": "sign_in", "name": name, "password": "wrong", "id": 2 }));
    let (_, answer) = until(&|line| line["answer"] == "sign_in");
    assert!(answer["error"].as_str().unwrap().contains("wrong_password"));
    let password = store::PASSWORD;
    say(json!({ "verb": "sign_in", "name": name, "password": password }));
    let (_, answer) = until(&|line| line["answer"] == "sign_in");
    assert_eq!(answer["identity"]["name"], name);

    say(json!({ "verb": "connect" }));
    say(json!({ "verb": "wait_in_sync", "seconds": 30, "id": "first" }));
    let (before, answer) = until(&|line| line["id"] == "first");
    assert_eq!(answer["error"], Value::Null);
    let rows: Vec<&Value> = before
        .iter()
        .filter(|line| line["notice"] == "rows")
        .collect();
    let card = rows.last().unwrap()["rows"][0]["document"].clone();
    say(json!({ "verb": "heads" }));
    let (_, old) = until(&|line| line["answer"] == "heads");
    assert_eq!(old["documents"].as_object().unwrap().len(), 3);

    let edit = json!({ "edit": "set_field", "field": "city", "value": "苏州市" });
    let command = json!({ "command": "edit_card", "edits": [edit] });
    say(json!({ "request": "run", "id": 7, "document": card, "command": command }));
    until(&|line| line["notice"] == "saved" && line["id"] == 7);
    say(json!({ "verb": "wait_in_sync" }));
    until(&|line| line["answer"] == "wait_in_sync");
    say(json!({ "verb": "heads" }));
    let (_, new) = until(&|line| line["answer"] == "heads");
    let card = card.as_str().unwrap();
    assert_ne!(new["documents"][card], old["documents"][card]);
    say(json!({ "verb": "disconnect" }));
    say(json!({ "verb": "status" }));
    let (_, status) = until(&|line| line["answer"] == "status");
    assert_eq!(status["is_connected"], false);
    assert_eq!(status["status"]["unsent"], 0);
    // Nothing but notices and answers, and a readable session for nobody else.
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(
        fs::read_to_string(folder.join("session.json"))
            .unwrap()
            .contains(&url)
    );
}

/// Runs an administration command of the server program on the world's data.
fn administrate(world: &World, program: &Path, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .arg("--data")
        .arg(world.server.data())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
}

#[test]
fn a_restored_backup_gets_back_what_the_tablets_had_sent_since() {
    let story = "a_restored_backup_gets_back_what_the_tablets_had_sent_since";
    let (Some(mut world), Some(program)) = (World::start(story), stage::server(story)) else {
        return;
    };
    let (first, second) = (world.tablet("first"), world.tablet("second"));
    first.ask(&["sync"]);
    let old = first.ask(&["create", "--name", "李女士"]);
    first.ask(&["sync"]);

    let backup = world.folder.path().join("backup.redb");
    let backup_name = backup.to_str().unwrap();
    administrate(&world, &program, &["backup", backup_name]);

    // After the backup: a new card, work on a known one, work of two tablets on one card, and a
    // tablet that nobody knew yet.
    let new = first.ask(&["create", "--name", "王先生"]);
    first.ask(&[
        "contact",
        old.trim(),
        "--note",
        "看了沙发",
        "--next",
        "量尺",
    ]);
    first.ask(&["sync"]);
    second.ask(&["sync"]);
    second.ask(&["edit", new.trim(), "city=杭州市"]);
    second.ask(&["sync"]);
    first.ask(&["sync"]);
    first.ask(&["edit", new.trim(), "district=滨江区"]);
    first.ask(&["sync"]);
    let third = world.tablet("third");
    third.ask(&["sync"]);
    third.ask(&["create", "--name", "赵女士"]);
    third.ask(&["sync"]);
    first.ask(&["sync"]);
    let before = first.ask(&["heads"]);

    world.server.kill9().unwrap();
    administrate(&world, &program, &["restore", backup_name]);
    world.server.restart().unwrap();

    // Each tablet comes back, some before what they build on is there again. Nobody signs in.
    for tablet in [&first, &second, &third] {
        tablet.try_to_sync();
    }
    for tablet in [&first, &second, &third] {
        tablet.ask(&["sync"]);
        assert_eq!(tablet.ask(&["heads"]), before);
    }
    let fresh = world.tablet("fresh");
    fresh.ask(&["sync"]);
    assert_eq!(
        fresh.ask(&["heads"]),
        before,
        "the store holds it all again"
    );
    administrate(&world, &program, &["doctor"]);
}

#[test]
fn work_of_a_tablet_that_is_gone_comes_back_from_another_one() {
    let story = "work_of_a_tablet_that_is_gone_comes_back_from_another_one";
    let (Some(mut world), Some(program)) = (World::start(story), stage::server(story)) else {
        return;
    };
    let (gone, other) = (world.tablet("gone"), world.tablet("other"));
    gone.ask(&["sync"]);
    let old = gone.ask(&["create", "--name", "李女士"]);
    gone.ask(&["sync"]);
    other.ask(&["sync"]);

    let backup = world.folder.path().join("backup.redb");
    let backup_name = backup.to_str().unwrap();
    administrate(&world, &program, &["backup", backup_name]);

    // After the backup: work on a card that is in it, a new card, and work of both on that one.
    gone.ask(&["edit", old.trim(), "city=杭州市"]);
    let new = gone.ask(&["create", "--name", "王先生"]);
    gone.ask(&["sync"]);
    other.ask(&["sync"]);
    other.ask(&["edit", new.trim(), "district=滨江区"]);
    other.ask(&["sync"]);
    gone.ask(&["sync"]);
    gone.ask(&[
        "contact",
        new.trim(),
        "--note",
        "看了沙发",
        "--next",
        "量尺",
    ]);
    gone.ask(&["sync"]);
    other.ask(&["sync"]);
    let before = other.ask(&["heads"]);
    assert_eq!(gone.ask(&["heads"]), before);
    fs::remove_dir_all(&gone.0).unwrap();

    world.server.kill9().unwrap();
    administrate(&world, &program, &["restore", backup_name]);
    world.server.restart().unwrap();

    other.ask(&["sync"]);
    assert_eq!(other.ask(&["heads"]), before);
    let fresh = world.tablet("fresh");
    fresh.ask(&["sync"]);
    assert_eq!(fresh.ask(&["heads"]), before, "the store has it all again");
    let shown: Value = serde_json::from_str(&fresh.ask(&["show", new.trim()])).unwrap();
    assert_eq!(shown["customer"]["contacts"][0]["note"], "看了沙发");
    administrate(&world, &program, &["doctor"]);
}
