//! A well-formed change on which the library panics: a real one, no switch in the program.

use automerge::legacy::{ObjectId, OpId};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ObjId};
use floorbook_shared::document::TEXT_ENCODING;
use floorbook_shared::document::genesis::{self, GENESIS_ACTOR};

/// A change that writes into an object which does not exist. It builds on genesis alone, so it is
/// poison for every card.
pub fn poison() -> Vec<u8> {
    let mut document = Automerge::new_with_encoding(TEXT_ENCODING);
    let founded = document.apply_changes([genesis::customer()]);
    founded.expect("genesis applies");
    let actor = ActorId::from([9; 16].as_slice());
    document.set_actor(actor.clone());
    let fields = ObjId::Id(3, ActorId::from(GENESIS_ACTOR), 0);
    let mut transaction = document.transaction();
    let put = transaction.put(fields, "city", "杭州");
    put.expect("fields is a map");
    transaction.commit_with(CommitOptions::default().with_time(0));
    let change = document.get_last_local_change().expect("a change was made");
    let mut expanded = change.decode();
    expanded.hash = None;
    for operation in &mut expanded.operations {
        operation.obj = ObjectId::Id(OpId(9_999, actor.clone()));
    }
    Change::from(expanded).raw_bytes().to_vec()
}
