//! Who works on the tablet: signing in and out.

use crate::access::{Identity, Scope};
use crate::device::engine::{Context, Device, Outputs};
use crate::device::message::Notice;
use crate::device::staged::Staged;

impl Device {
    pub(crate) fn sign_in(
        &mut self,
        identity: Identity,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        // The rows themselves say whose work waits: who was signed in may have become unreadable.
        let mut waiting = self.index.outbox().values();
        let is_other = waiting.any(|record| record.header.person != identity.person);
        let unsent = self.index.outbox().len();
        if is_other {
            outputs.notices.push(Notice::SignOutRefused { unsent });
            return None;
        }
        self.renew_actor(context);
        let notice = Notice::IdentityChanged {
            identity: Some(identity.clone()),
        };
        // A scope is of one person; another one's is told anew.
        let known = self.identity.as_ref().map(|known| known.person);
        let is_another = self.scope.version > 0 && known != Some(identity.person);
        Some(Staged {
            scope: is_another.then(Scope::default),
            identity: Some(Some(identity)),
            notices: vec![notice],
            is_strict: true,
            ..Staged::default()
        })
    }

    pub(crate) fn sign_out(
        &mut self,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let unsent = self.index.outbox().len();
        if unsent > 0 {
            outputs.notices.push(Notice::SignOutRefused { unsent });
            return None;
        }
        self.renew_actor(context);
        Some(Staged {
            identity: Some(None),
            notices: vec![Notice::IdentityChanged { identity: None }],
            is_strict: true,
            ..Staged::default()
        })
    }
}
