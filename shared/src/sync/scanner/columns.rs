//! The columns of a change's operations, and the operations in them.

use super::bytes::Reader;
use super::runs::{Run, Runs, booleans, values};
use super::{CHANGE_MAX_PREDECESSORS, ScanError, text};
use crate::sync::message::CHANGE_MAX_OPERATIONS;

const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const KEY_ACTOR: u64 = 0x11;
const KEY_COUNTER: u64 = 0x13;
const KEY_TEXT: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PREDECESSOR_COUNT: u64 = 0x70;
const PREDECESSOR_ACTOR: u64 = 0x71;
const PREDECESSOR_COUNTER: u64 = 0x73;
const EXPAND: u64 = 0x94;
const MARK_NAME: u64 = 0xa5;

/// Most columns of a change.
const COLUMNS_MAX: usize = 14;
/// The lower bits of a value's meta number say its type, the others its length.
const VALUE_TYPE_BITS: u32 = 4;

/// The id of an operation: a number, and who made it as a place in the change's list of actors (0
/// is the change's own actor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId {
    /// The number.
    pub counter: u64,
    /// The place of the actor.
    pub actor: usize,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes a map.
    MakeMap,
    /// Puts a value.
    Put,
    /// Makes a list.
    MakeList,
    /// Deletes what it replaces.
    Delete,
    /// Makes a text.
    MakeText,
    /// Adds to a counter.
    Increment,
    /// Makes a table.
    MakeTable,
    /// Begins or ends a mark.
    Mark,
}

impl Action {
    const fn from_code(code: u64) -> Option<Self> {
        match code {
            0 => Some(Self::MakeMap),
            1 => Some(Self::Put),
            2 => Some(Self::MakeList),
            3 => Some(Self::Delete),
            4 => Some(Self::MakeText),
            5 => Some(Self::Increment),
            6 => Some(Self::MakeTable),
            7 => Some(Self::Mark),
            _ => None,
        }
    }
}

/// Where in its object an operation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScannedKey<'a> {
    /// A key of a map.
    Map(&'a str),
    /// Before the first element of a sequence.
    Head,
    /// An element of a sequence.
    Element(OperationId),
}

/// The value of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScannedValue<'a> {
    /// No value.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A number without sign.
    Unsigned(u64),
    /// A number.
    Integer(i64),
    /// A number with fractions.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A counter.
    Counter(i64),
    /// A time.
    Time(i64),
    /// A value of a type that nobody knows.
    Unknown(&'a [u8]),
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct ScannedOperation<'a> {
    /// Its number.
    pub counter: u64,
    /// The object that it works on; `None` is the root.
    pub object: Option<OperationId>,
    /// Where in the object.
    pub key: ScannedKey<'a>,
    /// Whether it inserts an element behind the key.
    pub is_insert: bool,
    /// What it does.
    pub action: Action,
    /// With which value.
    pub value: ScannedValue<'a>,
    /// The operations that it replaces.
    pub predecessors: Vec<OperationId>,
    /// Whether a mark grows with what is written at its edges.
    pub expand: bool,
    /// The name of a mark.
    pub mark_name: Option<&'a str>,
}

/// The columns of one change, each walked but not expanded.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns<'a> {
    start_op: u64,
    object_actor: Runs<Option<u64>>,
    object_counter: Runs<Option<u64>>,
    key_actor: Runs<Option<u64>>,
    key_counter: Runs<Option<i64>>,
    key_text: Runs<Option<&'a str>>,
    insert: Runs<bool>,
    action: Runs<Option<u64>>,
    value_meta: Runs<Option<u64>>,
    value: &'a [u8],
    predecessor_count: Runs<Option<u64>>,
    predecessor_actor: Runs<Option<u64>>,
    predecessor_counter: Runs<Option<i64>>,
    expand: Runs<bool>,
    mark_name: Runs<Option<&'a str>>,
}

impl<'a> Columns<'a> {
    /// Reads the columns and checks that they agree with one another. After this, expanding them
    /// takes time and memory that are bounded by the limits of a change.
    pub(super) fn read(
        reader: &mut Reader<'a>,
        start_op: u64,
        actors: &[&[u8]],
    ) -> Result<Self, ScanError> {
        let columns = Self {
            start_op,
            ..Self::walk(reader)?
        };
        columns.check_lengths()?;
        columns.check_counters()?;
        columns.check_operations(actors)?;
        Ok(columns)
    }

    /// How many operations there are.
    pub(super) const fn length(&self) -> u64 {
        self.action.length()
    }

    /// How many bytes the values are.
    pub(super) const fn value_bytes(&self) -> usize {
        self.value.len()
    }

    fn walk(reader: &mut Reader<'a>) -> Result<Self, ScanError> {
        let count = reader.count(COLUMNS_MAX, "columns")?;
        let mut layout = Vec::new();
        let mut last = None;
        for _ in 0..count {
            let specification = reader.unsigned()?;
            if last.is_some_and(|last| specification <= last) {
                return Err(ScanError::BadColumn("order of columns"));
            }
            last = Some(specification);
            let length = reader.unsigned()?;
            let length = usize::try_from(length).map_err(|_| ScanError::Torn)?;
            if length == 0 {
                return Err(ScanError::BadColumn("empty column"));
            }
            layout.push((specification, length));
        }
        let mut columns = Self::default();
        let most = CHANGE_MAX_OPERATIONS as u64;
        let most_predecessors = CHANGE_MAX_PREDECESSORS as u64;
        for (specification, length) in layout {
            let bytes = reader.take(length)?;
            let unsigned = |max| values(bytes, max, Reader::unsigned);
            let signed = |max| values(bytes, max, Reader::signed);
            let texts = || values(bytes, most, text_of);
            match specification {
                OBJECT_ACTOR => columns.object_actor = unsigned(most)?,
                OBJECT_COUNTER => columns.object_counter = unsigned(most)?,
                KEY_ACTOR => columns.key_actor = unsigned(most)?,
                KEY_COUNTER => columns.key_counter = signed(most)?,
                KEY_TEXT => columns.key_text = texts()?,
                INSERT => columns.insert = booleans(bytes, most)?,
                ACTION => columns.action = unsigned(most)?,
                VALUE_META => columns.value_meta = unsigned(most)?,
                VALUE => columns.value = bytes,
                PREDECESSOR_COUNT => columns.predecessor_count = unsigned(most)?,
                PREDECESSOR_ACTOR => columns.predecessor_actor = unsigned(most_predecessors)?,
                PREDECESSOR_COUNTER => columns.predecessor_counter = signed(most_predecessors)?,
                EXPAND => columns.expand = booleans(bytes, most)?,
                MARK_NAME => columns.mark_name = texts()?,
                // Unknown ones, and all that are deflated.
                _ => return Err(ScanError::BadColumn("unknown column")),
            }
        }
        Ok(columns)
    }

    /// All columns have one entry for each operation, or may be missing.
    fn check_lengths(&self) -> Result<(), ScanError> {
        let operations = self.length();
        let required = [
            self.insert.length(),
            self.value_meta.length(),
            self.predecessor_count.length(),
        ];
        let optional = [
            self.object_actor.length(),
            self.object_counter.length(),
            self.key_actor.length(),
            self.key_counter.length(),
            self.key_text.length(),
            self.expand.length(),
            self.mark_name.length(),
        ];
        let is_consistent = required.iter().all(|length| *length == operations)
            && optional
                .iter()
                .all(|length| *length == operations || *length == 0);
        if !is_consistent {
            return Err(ScanError::BadColumn("length of columns"));
        }
        let predecessors = total(&self.predecessor_count, |count| count)?;
        let agrees = |length| length == predecessors;
        if !agrees(self.predecessor_actor.length()) || !agrees(self.predecessor_counter.length()) {
            return Err(ScanError::BadColumn("number of predecessors"));
        }
        let value_bytes = total(&self.value_meta, |meta| meta >> VALUE_TYPE_BITS)?;
        if value_bytes == self.value.len() as u64 {
            Ok(())
        } else {
            Err(ScanError::BadColumn("length of values"))
        }
    }

    /// Numbers of operations have 32 bits; the last one must have room.
    fn check_counters(&self) -> Result<(), ScanError> {
        let end = self.start_op.checked_add(self.length());
        let fits = end.is_some_and(|end| end <= u64::from(u32::MAX));
        if self.start_op > 0 && fits {
            Ok(())
        } else {
            Err(ScanError::BadValue("number of an operation"))
        }
    }

    /// Expands the operations once to see that each is one and names only what can be there.
    fn check_operations(&self, actors: &[&[u8]]) -> Result<(), ScanError> {
        let mut is_named = vec![false; actors.len()];
        let mut expansion = Expansion::new(self);
        for _ in 0..self.length() {
            let operation = expansion.next_operation()?;
            let key = match operation.key {
                ScannedKey::Element(element) => Some(element),
                ScannedKey::Map(_) | ScannedKey::Head => None,
            };
            let named = operation.object.iter().chain(&key);
            for id in named.chain(&operation.predecessors) {
                // Whatever an operation names was made before it.
                let is_earlier = id.counter > 0 && id.counter < operation.counter;
                let actor = is_named.get_mut(id.actor);
                match actor {
                    Some(is_named) if is_earlier => *is_named = true,
                    Some(_) | None => return Err(ScanError::BadValue("name of an operation")),
                }
            }
            // Each once, in the order of time: the library believes a predecessor that stands
            // twice, and its proof does not find that.
            let in_order = |id: &OperationId| (id.counter, actors.get(id.actor));
            let mut predecessors = operation.predecessors.iter().map(in_order);
            let mut last = predecessors.next();
            for next in predecessors {
                if last.is_some_and(|last| last >= next) {
                    return Err(ScanError::BadValue("order of predecessors"));
                }
                last = Some(next);
            }
        }
        if is_named.iter().skip(1).all(|is_named| *is_named) {
            Ok(())
        } else {
            Err(ScanError::BadValue("an actor that nothing names"))
        }
    }

    /// The operations one by one.
    pub(super) fn operations(&self) -> impl Iterator<Item = ScannedOperation<'a>> + '_ {
        let mut expansion = Expansion::new(self);
        // They were all expanded once before, so none fails.
        (0..self.length()).map_while(move |_| expansion.next_operation().ok())
    }
}

/// Sums up a column of lengths without expanding it. Every value must be there.
fn total(runs: &Runs<Option<u64>>, length: impl Fn(u64) -> u64) -> Result<u64, ScanError> {
    runs.runs().try_fold(0_u64, |total, Run { count, value }| {
        let length = length(value.ok_or(ScanError::BadColumn("a value is missing"))?);
        let added = count.checked_mul(length);
        added
            .and_then(|added| total.checked_add(added))
            .ok_or(ScanError::TooMany("bytes of values"))
    })
}

fn text_of<'a>(reader: &mut Reader<'a>) -> Result<&'a str, ScanError> {
    let rest = reader.rest().len();
    text(reader.prefixed(rest, "bytes of a text")?)
}

/// The columns while they are expanded side by side.
struct Expansion<'c, 'a> {
    counter: u64,
    object_actor: Side<'c, u64>,
    object_counter: Side<'c, u64>,
    key_actor: Side<'c, u64>,
    key_counter: Deltas<'c>,
    key_text: Side<'c, &'a str>,
    insert: Box<dyn Iterator<Item = bool> + 'c>,
    action: Side<'c, u64>,
    value_meta: Side<'c, u64>,
    value: Reader<'a>,
    predecessor_count: Side<'c, u64>,
    predecessor_actor: Side<'c, u64>,
    predecessor_counter: Deltas<'c>,
    expand: Box<dyn Iterator<Item = bool> + 'c>,
    mark_name: Side<'c, &'a str>,
}

/// A column whose values may be nothing; a missing one has nothing everywhere.
struct Side<'c, T>(Box<dyn Iterator<Item = Option<T>> + 'c>);

impl<'c, T: Copy> Side<'c, T> {
    fn new(runs: &'c Runs<Option<T>>) -> Self {
        Self(Box::new(runs.values()))
    }

    fn next(&mut self) -> Option<T> {
        self.0.next().flatten()
    }

    fn next_value(&mut self) -> Result<T, ScanError> {
        self.next()
            .ok_or(ScanError::BadColumn("a value is missing"))
    }
}

/// A column of differences.
struct Deltas<'c> {
    differences: Side<'c, i64>,
    value: i64,
}

impl<'c> Deltas<'c> {
    fn new(runs: &'c Runs<Option<i64>>) -> Self {
        Self {
            differences: Side::new(runs),
            value: 0,
        }
    }

    fn next(&mut self) -> Result<Option<u64>, ScanError> {
        let Some(difference) = self.differences.next() else {
            return Ok(None);
        };
        let value = self.value.checked_add(difference);
        self.value = value.ok_or(ScanError::BadNumber)?;
        let value = u64::try_from(self.value);
        value.map(Some).map_err(|_| ScanError::BadNumber)
    }
}

impl<'c, 'a> Expansion<'c, 'a> {
    fn new(columns: &'c Columns<'a>) -> Self {
        Self {
            counter: columns.start_op,
            object_actor: Side::new(&columns.object_actor),
            object_counter: Side::new(&columns.object_counter),
            key_actor: Side::new(&columns.key_actor),
            key_counter: Deltas::new(&columns.key_counter),
            key_text: Side::new(&columns.key_text),
            insert: Box::new(columns.insert.values()),
            action: Side::new(&columns.action),
            value_meta: Side::new(&columns.value_meta),
            value: Reader::new(columns.value),
            predecessor_count: Side::new(&columns.predecessor_count),
            predecessor_actor: Side::new(&columns.predecessor_actor),
            predecessor_counter: Deltas::new(&columns.predecessor_counter),
            expand: Box::new(columns.expand.values()),
            mark_name: Side::new(&columns.mark_name),
        }
    }

    fn next_operation(&mut self) -> Result<ScannedOperation<'a>, ScanError> {
        let counter = self.counter;
        self.counter += 1;
        let action = Action::from_code(self.action.next_value()?);
        let value = self.value()?;
        let is_number = matches!(value, ScannedValue::Integer(_) | ScannedValue::Unsigned(_));
        if action == Some(Action::Increment) && !is_number {
            return Err(ScanError::BadValue("increment"));
        }
        Ok(ScannedOperation {
            counter,
            object: self.object()?,
            key: self.key()?,
            is_insert: self.insert.next().unwrap_or(false),
            action: action.ok_or(ScanError::BadValue("action"))?,
            value,
            predecessors: self.predecessors()?,
            expand: self.expand.next().unwrap_or(false),
            mark_name: self.mark_name.next(),
        })
    }

    fn object(&mut self) -> Result<Option<OperationId>, ScanError> {
        match (self.object_actor.next(), self.object_counter.next()) {
            (None, None) => Ok(None),
            (Some(actor), Some(counter)) => operation_id(counter, actor).map(Some),
            (Some(_), None) | (None, Some(_)) => Err(ScanError::BadValue("object")),
        }
    }

    fn key(&mut self) -> Result<ScannedKey<'a>, ScanError> {
        let (actor, counter) = (self.key_actor.next(), self.key_counter.next()?);
        match (actor, counter, self.key_text.next()) {
            (None, None, Some(text)) => Ok(ScannedKey::Map(text)),
            (None, Some(0), None) => Ok(ScannedKey::Head),
            (Some(actor), Some(counter), None) => {
                operation_id(counter, actor).map(ScannedKey::Element)
            }
            _ => Err(ScanError::BadValue("key")),
        }
    }

    fn predecessors(&mut self) -> Result<Vec<OperationId>, ScanError> {
        let count = self.predecessor_count.next_value()?;
        let mut predecessors = Vec::new();
        for _ in 0..count {
            let actor = self.predecessor_actor.next_value()?;
            let counter = self.predecessor_counter.next()?;
            let counter = counter.ok_or(ScanError::BadColumn("a value is missing"))?;
            predecessors.push(operation_id(counter, actor)?);
        }
        Ok(predecessors)
    }

    fn value(&mut self) -> Result<ScannedValue<'a>, ScanError> {
        let meta = self.value_meta.next_value()?;
        let length = usize::try_from(meta >> VALUE_TYPE_BITS).map_err(|_| ScanError::Torn)?;
        let bytes = self.value.take(length)?;
        match (meta & 0x0f, bytes) {
            (0, []) => Ok(ScannedValue::Null),
            (1, []) => Ok(ScannedValue::Boolean(false)),
            (2, []) => Ok(ScannedValue::Boolean(true)),
            (3, _) => whole(bytes, Reader::unsigned).map(ScannedValue::Unsigned),
            (4, _) => whole(bytes, Reader::signed).map(ScannedValue::Integer),
            (5, _) => whole(bytes, Reader::array)
                .map(|bytes| ScannedValue::Float(f64::from_le_bytes(bytes))),
            (6, _) => text(bytes).map(ScannedValue::Text),
            (7, _) => Ok(ScannedValue::Bytes(bytes)),
            (8, _) => whole(bytes, Reader::signed).map(ScannedValue::Counter),
            (9, _) => whole(bytes, Reader::signed).map(ScannedValue::Time),
            (10.., _) => Ok(ScannedValue::Unknown(bytes)),
            (0..=2, _) => Err(ScanError::BadValue("length of a value")),
        }
    }
}

/// Reads a value that takes up all of its bytes.
fn whole<'a, T>(
    bytes: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, ScanError>,
) -> Result<T, ScanError> {
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader)?;
    if reader.is_done() {
        Ok(value)
    } else {
        Err(ScanError::BadValue("length of a value"))
    }
}

fn operation_id(counter: u64, actor: u64) -> Result<OperationId, ScanError> {
    let actor = usize::try_from(actor).map_err(|_| ScanError::BadNumber)?;
    Ok(OperationId { counter, actor })
}
