//! Who works on the tablet: signing in and out.

use crate::access::{Identity, Scope};
use crate::device::engine::{Context, Device, Outputs};
use crate::device::message::Notice;
use crate::device::record::SignedInRecord;
use crate::device::staged::Staged;
use crate::secret::{Secret, SessionToken};

impl Device {
    /// Takes over who is signed in.
    pub(crate) fn take_signed_in(&mut self, signed_in: Option<SignedInRecord>) {
        let (identity, token) = signed_in
            .map(|record| (record.identity, record.token))
            .unzip();
        self.identity = identity;
        self.token = token;
    }

    /// What the screen needs to ask the server over HTTP.
    pub(crate) fn session_notice(&self) -> Notice {
        Notice::SessionChanged {
            token: self.token.clone(),
        }
    }

    /// The token that opens a conversation.
    pub(crate) fn session_token(&self) -> Option<SessionToken> {
        let token = self.token.as_ref()?;
        SessionToken::from_hex(token.expose()).ok()
    }

    pub(crate) fn sign_in(
        &mut self,
        identity: Identity,
        token: Secret,
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
            signed_in: Some(Some(SignedInRecord { identity, token })),
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
            signed_in: Some(None),
            notices: vec![Notice::IdentityChanged { identity: None }],
            is_strict: true,
            ..Staged::default()
        })
    }
}
