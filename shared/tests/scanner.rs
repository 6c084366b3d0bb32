//! The scanner reads what Automerge reads: changes of random honest transactions, of commands, and
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]
//! the heads of saved documents.

use automerge::legacy::{Key, ObjectId};
use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Author, Automerge, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::scanner::{
    ChunkType, OperationId, ScanError, ScannedChange, ScannedKey, chunk_type, scan_change,
    snapshot_heads,
};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Deed {
    Put(u8, u8, Value),
    Delete(u8, u8),
    Increment(u8, u8),
    MakeMap(u8, u8),
    MakeList(u8, u8),
    MakeText(u8, u8),
    Insert(u8, u8, Value),
    DeleteAt(u8, u8),
    Splice(u8, u8, u8, String),
    UpdateText(u8, String),
    Mark(u8, u8, u8),
}

#[derive(Clone, Debug)]
enum Value {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Integer(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    Counter(i64),
    Time(i64),
}

impl From<Value> for ScalarValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Boolean(value),
            Value::Unsigned(value) => Self::Uint(value),
            Value::Integer(value) => Self::Int(value),
            Value::Float(value) => Self::F64(value),
            Value::Text(value) => Self::Str(value.into()),
            Value::Bytes(value) => Self::Bytes(value),
            Value::Counter(value) => Self::counter(value),
            Value::Time(value) => Self::Timestamp(value),
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<u64>().prop_map(Value::Unsigned),
        any::<i64>().prop_map(Value::Integer),
        (-1_000.0..1_000.0).prop_map(Value::Float),
        ".{0,12}".prop_map(Value::Text),
        vec(any::<u8>(), 0..12).prop_map(Value::Bytes),
        any::<i32>().prop_map(|value| Value::Counter(value.into())),
        any::<i64>().prop_map(Value::Time),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let place = || (any::<u8>(), any::<u8>());
    prop_oneof![
        4 => (any::<u8>(), any::<u8>(), value()).prop_map(|(a, b, c)| Deed::Put(a, b, c)),
        2 => place().prop_map(|(a, b)| Deed::Delete(a, b)),
        1 => place().prop_map(|(a, b)| Deed::Increment(a, b)),
        1 => place().prop_map(|(a, b)| Deed::MakeMap(a, b)),
        1 => place().prop_map(|(a, b)| Deed::MakeList(a, b)),
        1 => place().prop_map(|(a, b)| Deed::MakeText(a, b)),
        3 => (any::<u8>(), any::<u8>(), value()).prop_map(|(a, b, c)| Deed::Insert(a, b, c)),
        1 => place().prop_map(|(a, b)| Deed::DeleteAt(a, b)),
        2 => (any::<u8>(), any::<u8>(), any::<u8>(), ".{0,8}")
            .prop_map(|(a, b, c, d)| Deed::Splice(a, b, c, d)),
        2 => (any::<u8>(), ".{0,30}").prop_map(|(a, b)| Deed::UpdateText(a, b)),
        1 => (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(a, b, c)| Deed::Mark(a, b, c)),
    ]
}

/// All objects of a document by what they are.
fn objects(to: &Transaction<'_>, kind: ObjType) -> Vec<ObjId> {
    let mut found = if kind == ObjType::Map {
        vec![ROOT]
    } else {
        Vec::new()
    };
    let mut open = vec![ROOT];
    while let Some(object) = open.pop() {
        let children: Vec<ObjId> = match to.object_type(&object) {
            Ok(ObjType::Map | ObjType::Table) => {
                to.map_range(&object, ..).map(|item| item.id()).collect()
            }
            Ok(ObjType::List) => to.list_range(&object, ..).map(|item| item.id()).collect(),
            Ok(ObjType::Text) | Err(_) => Vec::new(),
        };
        for child in children {
            if let Ok(is) = to.object_type(&child) {
                if is == kind {
                    found.push(child.clone());
                }
                if open.len() < 50 {
                    open.push(child);
                }
            }
        }
    }
    found
}

fn pick<T: Clone>(of: &[T], number: u8) -> Option<T> {
    let place = usize::from(number).checked_rem(of.len())?;
    of.get(place).cloned()
}

/// Does what can be done; what the library refuses is left out.
fn act(to: &mut Transaction<'_>, deed: &Deed) -> Option<()> {
    let map = |to: &Transaction<'_>, number| pick(&objects(to, ObjType::Map), number);
    let list = |to: &Transaction<'_>, number| pick(&objects(to, ObjType::List), number);
    let text = |to: &Transaction<'_>, number| pick(&objects(to, ObjType::Text), number);
    let key = |number: &u8| format!("k{}", number % 6);
    match deed {
        Deed::Put(object, name, value) => to.put(
            map(to, *object)?,
            key(name),
            ScalarValue::from(value.clone()),
        ),
        Deed::Delete(object, name) => to.delete(map(to, *object)?, key(name)),
        Deed::Increment(object, name) => to.increment(map(to, *object)?, key(name), 1),
        Deed::MakeMap(object, name) => to
            .put_object(map(to, *object)?, key(name), ObjType::Map)
            .map(drop),
        Deed::MakeList(object, name) => to
            .put_object(map(to, *object)?, key(name), ObjType::List)
            .map(drop),
        Deed::MakeText(object, name) => to
            .put_object(map(to, *object)?, key(name), ObjType::Text)
            .map(drop),
        Deed::Insert(object, place, value) => {
            let list = list(to, *object)?;
            let place = usize::from(*place) % (to.length(&list) + 1);
            to.insert(list, place, ScalarValue::from(value.clone()))
        }
        Deed::DeleteAt(object, place) => {
            let list = list(to, *object)?;
            let place = usize::from(*place).checked_rem(to.length(&list))?;
            to.delete(list, place)
        }
        Deed::Splice(object, place, count, new) => {
            let text = text(to, *object)?;
            let length = to.length(&text);
            let place = usize::from(*place) % (length + 1);
            let count = (usize::from(*count) % 5).min(length - place);
            to.splice_text(text, place, count as isize, new)
        }
        Deed::UpdateText(object, new) => to.update_text(&text(to, *object)?, new),
        Deed::Mark(object, from, to_) => {
            let text = text(to, *object)?;
            let length = to.length(&text);
            let start = usize::from(*from).checked_rem(length)?;
            let end = start + 1 + usize::from(*to_) % (length - start);
            let mark = Mark::new("bold".to_owned(), true, start, end.min(length));
            to.mark(text, mark, ExpandMark::Both)
        }
    }
    .ok()
}

/// Several writers who now and then merge what the others did.
fn history(steps: &[(u8, bool, Vec<Deed>)]) -> Vec<Automerge> {
    let mut writers: Vec<Automerge> = (0..3_u8)
        .map(|number| {
            let mut writer = Automerge::new();
            if number > 0 {
                writer.set_author(Some(Author::from(vec![number; 32])));
            }
            writer.set_actor(ActorId::from([number + 1; 16].as_slice()));
            writer
        })
        .collect();
    for (number, merges, deeds) in steps {
        let number = usize::from(*number) % writers.len();
        if *merges {
            let mut other = writers[(number + 1) % 3].clone();
            writers[number].merge(&mut other).unwrap();
        }
        let mut transaction = writers[number].transaction();
        for deed in deeds {
            let _ = act(&mut transaction, deed);
        }
        transaction.commit_with(CommitOptions::default().with_time(1_764_000_000));
    }
    writers
}

fn same_id(scanned: &ScannedChange<'_>, id: OperationId, other: &automerge::legacy::OpId) -> bool {
    id.counter == other.0 && scanned.actor_of(id) == Some(other.1.to_bytes())
}

fn agree(change: &Change) {
    let bytes = change.raw_bytes();
    let scanned = scan_change(bytes).unwrap_or_else(|error| panic!("{error} in {bytes:?}"));
    assert_eq!(scanned.hash, ChangeHash::from(change.hash()));
    let deps: Vec<ChangeHash> = change.deps().iter().map(|hash| (*hash).into()).collect();
    assert_eq!(scanned.deps, deps);
    assert_eq!(scanned.actor, change.actor_id().to_bytes());
    assert_eq!(scanned.seq, change.seq());
    assert_eq!(scanned.start_op, change.start_op().get());
    assert_eq!(scanned.operations, change.len() as u64);
    assert_eq!(scanned.max_op(), change.max_op());
    assert_eq!(scanned.time, change.timestamp());
    let author = change.author();
    assert_eq!(scanned.author, author.as_ref().map(Author::as_bytes));
    let expanded = change.decode();
    let operations: Vec<_> = scanned.each_operation().collect();
    assert_eq!(operations.len(), expanded.operations.len());
    for (own, other) in operations.iter().zip(&expanded.operations) {
        match (&own.object, &other.obj) {
            (None, ObjectId::Root) => {}
            (Some(own), ObjectId::Id(other)) => assert!(same_id(&scanned, *own, other)),
            (own, other) => panic!("{own:?} is not {other:?}"),
        }
        match (&own.key, &other.key) {
            (ScannedKey::Map(own), Key::Map(other)) => assert_eq!(*own, other.as_str()),
            (ScannedKey::Head, Key::Seq(automerge::legacy::ElementId::Head)) => {}
            (ScannedKey::Element(own), Key::Seq(automerge::legacy::ElementId::Id(other))) => {
                assert!(same_id(&scanned, *own, other));
            }
            (own, other) => panic!("{own:?} is not {other:?}"),
        }
        assert_eq!(own.is_insert, other.insert);
        assert_eq!(own.predecessors.len(), other.pred.len());
        let mut pairs = own.predecessors.iter().zip(other.pred.iter());
        assert!(pairs.all(|(own, other)| same_id(&scanned, *own, other)));
    }
}

fn heads_agree(document: &Automerge) {
    let mut heads: Vec<ChangeHash> = document.get_heads().into_iter().map(Into::into).collect();
    heads.sort_unstable();
    for saved in [document.save_nocompress(), document.save()] {
        assert_eq!(chunk_type(&saved), Some(ChunkType::Document));
        assert_eq!(snapshot_heads(&saved), Ok(heads.clone()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn honest_changes_are_read_as_the_library_reads_them(
        steps in vec((any::<u8>(), any::<bool>(), vec(deed(), 1..12)), 1..12)
    ) {
        for document in history(&steps) {
            for change in document.get_changes(&[]) {
                agree(&change);
            }
            heads_agree(&document);
            // A document that was loaded writes its changes anew, into the same bytes.
            let loaded = Automerge::load(&document.save()).unwrap();
            for change in loaded.get_changes(&[]) {
                agree(&change);
            }
        }
    }

    #[test]
    fn a_cut_or_flipped_change_is_none(
        deeds in vec(deed(), 1..8), at in any::<prop::sample::Index>(), bit in 0_u8..8
    ) {
        let documents = history(&[(1, false, deeds)]);
        for change in documents.iter().flat_map(|document| document.get_changes(&[])) {
            let bytes = change.raw_bytes();
            let at = at.index(bytes.len());
            prop_assert!(scan_change(bytes.get(..at).unwrap()).is_err());
            let mut flipped = bytes.to_vec();
            flipped[at] ^= 1 << bit;
            prop_assert!(scan_change(&flipped).is_err());
        }
    }
}

#[test]
fn a_snapshot_that_is_cut_or_followed_by_something_has_no_heads() {
    let document = history(&[(0, false, vec![Deed::Put(0, 0, Value::Integer(1))])]).remove(0);
    let saved = document.save_nocompress();
    assert_eq!(
        snapshot_heads(saved.get(..saved.len() - 1).unwrap()),
        Err(ScanError::Torn)
    );
    assert_eq!(
        snapshot_heads(&[saved.clone(), saved].concat()),
        Err(ScanError::Trailing)
    );
    assert_eq!(snapshot_heads(&[]), Err(ScanError::Torn));
}
