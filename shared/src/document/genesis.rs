//! The first change of every customer document: a constant that makes its containers.
//!
//! It is never pushed and never changes: two tablets that founded a document on their own would
//! otherwise hide one another's containers. `genesis/customer.v1.change` is the golden file; a
//! later schema step is another fixed change that depends on this one alone.

use std::sync::OnceLock;

use automerge::Change;

/// The actor of genesis changes: sixteen fixed bytes.
pub const GENESIS_ACTOR: &[u8] = b"floorbookgenesis";

/// Golden bytes of the first change of every customer document.
const CUSTOMER_V1: &[u8] = include_bytes!("genesis/customer.v1.change");

/// The first change of every customer document.
pub fn customer() -> Change {
    static CUSTOMER: OnceLock<Change> = OnceLock::new();
    CUSTOMER
        .get_or_init(|| match Change::from_bytes(CUSTOMER_V1.to_vec()) {
            Ok(change) => change,
            Err(error) => unreachable!("the genesis change is a constant: {error}"),
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, Automerge, ROOT};

    use super::*;
    use crate::document::TEXT_ENCODING;
    use crate::document::schema::Container;

    fn made_again() -> Vec<u8> {
        let mut document =
            Automerge::new_with_encoding(TEXT_ENCODING).with_actor(ActorId::from(GENESIS_ACTOR));
        let mut transaction = document.transaction();
        transaction.put(ROOT, "kind", "customer").unwrap();
        transaction.put(ROOT, "schema", 1_i64).unwrap();
        for container in Container::ALL {
            let object = transaction
                .put_object(ROOT, container.key(), container.object_type())
                .unwrap();
            assert_eq!(object, container.object(), "containers keep their ids");
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        document
            .get_last_local_change()
            .unwrap()
            .raw_bytes()
            .to_vec()
    }

    #[test]
    fn genesis_is_the_golden_file() {
        let golden = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/document/genesis/customer.v1.change"
        );
        let bytes = made_again();
        if std::env::var_os("FLOORBOOK_WRITE_GOLDEN").is_some() {
            std::fs::write(golden, &bytes).unwrap();
        }
        assert_eq!(
            bytes,
            std::fs::read(golden).unwrap(),
            "genesis is frozen for ever"
        );
    }
}
