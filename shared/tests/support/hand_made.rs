//! Changes made by hand, byte by byte: the library refuses to build most hostile ones.

use automerge::{ActorId, Change};
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::genesis::{self, GENESIS_ACTOR};
use floorbook_shared::id::{DeviceId, PersonId};
use sha2::{Digest, Sha256};

/// The containers of a customer as the counters of their operations in genesis.
pub const FIELDS: u64 = 3;
pub const PHONES: u64 = 4;
pub const CONTACTS: u64 = 6;
pub const REMARKS: u64 = 8;
/// Operations of genesis.
pub const GENESIS_OPERATIONS: u64 = 15;

pub const MAKE_MAP: u64 = 0;
pub const PUT: u64 = 1;
pub const MAKE_LIST: u64 = 2;
pub const DELETE: u64 = 3;
pub const MAKE_TEXT: u64 = 4;
pub const INCREMENT: u64 = 5;
pub const MARK: u64 = 7;

/// An operation's id: its number, and the place of its actor in the change.
pub type Id = (u64, u64);

#[derive(Clone, Debug)]
pub enum HandKey {
    Map(String),
    Head,
    Element(Id),
    /// Neither a key nor an element.
    Nothing,
}

#[derive(Clone, Debug)]
pub struct HandOperation {
    pub object: Option<Id>,
    pub key: HandKey,
    pub insert: bool,
    pub action: u64,
    /// Type and bytes of the value.
    pub value: (u8, Vec<u8>),
    pub predecessors: Vec<Id>,
}

impl HandOperation {
    pub fn put(container: u64, key: &str, value: &str) -> Self {
        Self {
            object: Some((container, GENESIS)),
            key: HandKey::Map(key.to_owned()),
            insert: false,
            action: PUT,
            value: (6, value.as_bytes().to_vec()),
            predecessors: Vec::new(),
        }
    }

    pub fn insert(after: HandKey, value: &str) -> Self {
        Self {
            key: after,
            insert: true,
            ..Self::put(REMARKS, "", value)
        }
    }

    pub fn delete(element: Id) -> Self {
        Self {
            key: HandKey::Element(element),
            action: DELETE,
            value: (0, Vec::new()),
            predecessors: vec![element],
            ..Self::put(REMARKS, "", "")
        }
    }

    pub fn replacing(self, predecessors: &[Id]) -> Self {
        Self {
            predecessors: predecessors.to_vec(),
            ..self
        }
    }
}

/// The place of genesis' actor in the changes below, whose other actors are sorted.
pub const GENESIS: u64 = 2;
/// The place of the other tablet's actor.
pub const OTHER: u64 = 1;

#[derive(Clone, Debug)]
pub struct HandMade {
    pub deps: Vec<[u8; 32]>,
    pub actor: Vec<u8>,
    pub seq: u64,
    pub start_op: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub other_actors: Vec<Vec<u8>>,
    pub operations: Vec<HandOperation>,
    pub footer: Vec<u8>,
    /// Columns that take the place of those which the operations would have.
    pub columns: Vec<(u64, Vec<u8>)>,
}

pub fn unsigned(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

pub fn signed(mut number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        let is_done = (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0);
        if is_done {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [unsigned(bytes.len() as u64), bytes.to_vec()].concat()
}

/// Run-length encoding as the library writes it.
fn runs<T: PartialEq>(values: &[Option<T>], write: impl Fn(&T) -> Vec<u8>) -> Vec<u8> {
    if values.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut bytes = Vec::new();
    let mut literals: Vec<&T> = Vec::new();
    let flush = |literals: &mut Vec<&T>, bytes: &mut Vec<u8>| {
        if !literals.is_empty() {
            bytes.extend(signed(-(literals.len() as i64)));
            literals
                .drain(..)
                .for_each(|value| bytes.extend(write(value)));
        }
    };
    for run in values.chunk_by(|left, right| left == right) {
        match &run[0] {
            None => {
                flush(&mut literals, &mut bytes);
                bytes.extend(signed(0));
                bytes.extend(unsigned(run.len() as u64));
            }
            Some(value) if run.len() == 1 => literals.push(value),
            Some(value) => {
                flush(&mut literals, &mut bytes);
                bytes.extend(signed(run.len() as i64));
                bytes.extend(write(value));
            }
        }
    }
    flush(&mut literals, &mut bytes);
    bytes
}

fn deltas(values: &[Option<i64>]) -> Vec<u8> {
    let mut last = 0;
    let differences: Vec<Option<i64>> = values
        .iter()
        .map(|value| {
            let value = (*value)?;
            let difference = value - last;
            last = value;
            Some(difference)
        })
        .collect();
    runs(&differences, |difference| signed(*difference))
}

fn booleans(values: &[bool]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut expected = false;
    for run in values.chunk_by(|left, right| left == right) {
        if run[0] != expected {
            bytes.extend(unsigned(0));
        }
        bytes.extend(unsigned(run.len() as u64));
        expected = !run[0];
    }
    bytes
}

impl HandMade {
    pub fn columns_of(&self) -> Vec<(u64, Vec<u8>)> {
        let operations = &self.operations;
        let number = |number: &u64| unsigned(*number);
        let objects = |part: fn(Id) -> u64| -> Vec<Option<u64>> {
            operations.iter().map(|one| one.object.map(part)).collect()
        };
        let key_actor: Vec<Option<u64>> = operations
            .iter()
            .map(|one| match &one.key {
                HandKey::Element(element) => Some(element.1),
                HandKey::Map(_) | HandKey::Head | HandKey::Nothing => None,
            })
            .collect();
        let key_counter: Vec<Option<i64>> = operations
            .iter()
            .map(|one| match &one.key {
                HandKey::Element(element) => Some(element.0 as i64),
                HandKey::Head => Some(0),
                HandKey::Map(_) | HandKey::Nothing => None,
            })
            .collect();
        let key_text: Vec<Option<&str>> = operations
            .iter()
            .map(|one| match &one.key {
                HandKey::Map(key) => Some(key.as_str()),
                HandKey::Element(_) | HandKey::Head | HandKey::Nothing => None,
            })
            .collect();
        let insert: Vec<bool> = operations.iter().map(|one| one.insert).collect();
        let action: Vec<Option<u64>> = operations.iter().map(|one| Some(one.action)).collect();
        let meta: Vec<Option<u64>> = operations
            .iter()
            .map(|one| Some(((one.value.1.len() as u64) << 4) | u64::from(one.value.0)))
            .collect();
        let values: Vec<u8> = operations
            .iter()
            .flat_map(|one| one.value.1.clone())
            .collect();
        let counts: Vec<Option<u64>> = operations
            .iter()
            .map(|one| Some(one.predecessors.len() as u64))
            .collect();
        let predecessors: Vec<Id> = operations
            .iter()
            .flat_map(|one| one.predecessors.clone())
            .collect();
        let predecessor_actor: Vec<Option<u64>> =
            predecessors.iter().map(|id| Some(id.1)).collect();
        let predecessor_counter: Vec<Option<i64>> =
            predecessors.iter().map(|id| Some(id.0 as i64)).collect();
        let mut columns = vec![
            (0x01, runs(&objects(|id| id.1), number)),
            (0x02, runs(&objects(|id| id.0), number)),
            (0x11, runs(&key_actor, number)),
            (0x13, deltas(&key_counter)),
            (0x15, runs(&key_text, |text| prefixed(text.as_bytes()))),
            (0x34, booleans(&insert)),
            (0x42, runs(&action, number)),
            (0x56, runs(&meta, number)),
            (0x57, values),
            (0x70, runs(&counts, number)),
            (0x71, runs(&predecessor_actor, number)),
            (0x73, deltas(&predecessor_counter)),
        ];
        for (specification, bytes) in &self.columns {
            columns.retain(|(known, _)| known != specification);
            columns.push((*specification, bytes.clone()));
        }
        columns.retain(|(_, bytes)| !bytes.is_empty());
        columns.sort_by_key(|(specification, _)| *specification);
        columns
    }

    pub fn body(&self) -> Vec<u8> {
        let mut body = unsigned(self.deps.len() as u64);
        self.deps.iter().for_each(|dep| body.extend(dep));
        body.extend(prefixed(&self.actor));
        body.extend(unsigned(self.seq));
        body.extend(unsigned(self.start_op));
        body.extend(signed(self.time));
        body.extend(prefixed(&self.message));
        body.extend(unsigned(self.other_actors.len() as u64));
        self.other_actors
            .iter()
            .for_each(|actor| body.extend(prefixed(actor)));
        let columns = self.columns_of();
        body.extend(unsigned(columns.len() as u64));
        for (specification, bytes) in &columns {
            body.extend(unsigned(*specification));
            body.extend(unsigned(bytes.len() as u64));
        }
        columns.iter().for_each(|(_, bytes)| body.extend(bytes));
        body.extend(&self.footer);
        body
    }

    pub fn bytes(&self) -> Vec<u8> {
        chunk(1, &self.body())
    }
}

/// A chunk with a valid checksum around whatever it is.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let rest = [vec![kind], prefixed(body)].concat();
    let hash = Sha256::digest(&rest);
    [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], &rest].concat()
}

/// The same bytes with the checksum that fits them.
pub fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.len() > 8 {
        let hash = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&hash[..4]);
    }
    bytes
}

pub fn author(number: u8) -> ChangeAuthor {
    ChangeAuthor {
        person: PersonId::from_bytes([number; 16]),
        device: DeviceId::from_bytes([number; 16]),
    }
}

pub fn footer(number: u8) -> Vec<u8> {
    [vec![1], prefixed(author(number).to_author().as_bytes())].concat()
}

pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Change::from_bytes(bytes.to_vec()).unwrap().hash().0
}

/// The first change of the tablet that is judged: it builds on genesis alone.
pub fn first() -> HandMade {
    HandMade {
        deps: vec![genesis::customer().hash().0],
        actor: vec![0x20; 16],
        seq: 1,
        start_op: GENESIS_OPERATIONS + 1,
        time: 1_764_000_000,
        message: Vec::new(),
        other_actors: vec![GENESIS_ACTOR.to_vec()],
        operations: vec![
            HandOperation {
                object: Some((FIELDS, 1)),
                ..HandOperation::put(FIELDS, "name", "李女士")
            },
            HandOperation {
                object: Some((CONTACTS, 1)),
                ..HandOperation::put(CONTACTS, "01010101-0101-0101-0101-010101010101", "{}")
            },
            HandOperation {
                object: Some((REMARKS, 1)),
                ..HandOperation::insert(HandKey::Head, "常")
            },
            HandOperation {
                object: Some((REMARKS, 1)),
                ..HandOperation::insert(HandKey::Element((GENESIS_OPERATIONS + 3, 0)), "来")
            },
        ],
        footer: footer(1),
        columns: Vec::new(),
    }
}

/// The number of the first change's operation that put the name.
pub const NAME: u64 = GENESIS_OPERATIONS + 1;
/// The number of the first change's operation that put a contact.
pub const CONTACT: u64 = GENESIS_OPERATIONS + 2;
/// The number of the first change's operation that put the first character of the remarks.
pub const CHARACTER: u64 = GENESIS_OPERATIONS + 3;
/// The first number of the next change.
pub const NEXT: u64 = GENESIS_OPERATIONS + 5;

/// A change of another tablet behind the first one: actor 0 is its own, 1 that of the first one.
pub fn second() -> HandMade {
    HandMade {
        deps: vec![hash(&first().bytes())],
        actor: vec![0x30; 16],
        seq: 1,
        start_op: NEXT,
        time: 1_764_000_100,
        message: Vec::new(),
        other_actors: vec![vec![0x20; 16], GENESIS_ACTOR.to_vec()],
        operations: vec![
            HandOperation::put(FIELDS, "name", "李小姐").replacing(&[(NAME, OTHER)]),
            HandOperation::put(FIELDS, "city", "杭州"),
            HandOperation::insert(HandKey::Element((CHARACTER, OTHER)), "常"),
            HandOperation::delete((CHARACTER, OTHER)),
        ],
        footer: footer(2),
        columns: Vec::new(),
    }
}

/// A document with the first change, as the server has it.
pub fn server() -> Document {
    Document::load([first().bytes().as_slice()]).unwrap()
}

/// The id of an actor in the library's words.
pub fn actor_id(bytes: &[u8]) -> ActorId {
    ActorId::from(bytes)
}
