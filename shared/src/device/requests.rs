//! What the screen asks for, one request at a time.

use crate::device::engine::{Context, Device, Outputs};
use crate::device::message::{Notice, Request};
use crate::device::staged::Staged;
use crate::device::unlocking::Purpose;

impl Device {
    pub(crate) fn execute_request(
        &mut self,
        request: Request,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        match request {
            Request::Run {
                id,
                document,
                command,
            } => self.run(id, document, command, context, outputs),
            Request::ShowCard { document } => {
                self.shown.insert(document);
                self.tell_card(document, outputs);
                None
            }
            Request::ShowHistory { document } => {
                self.shown_histories.insert(document);
                self.owed_histories.owe(document);
                None
            }
            Request::Undo {
                id,
                document,
                change,
            } => self.undo(id, document, change, context, outputs),
            Request::NextCardNumber { id } => {
                let number = self
                    .next_card_number()
                    .map_or_else(String::new, |next| next.0);
                outputs.notices.push(Notice::CardNumber { id, number });
                None
            }
            Request::KeepDraft { key, content } => Some(Staged {
                drafts: vec![(key, content)],
                ..Staged::default()
            }),
            Request::SignIn { signed_in, secret } => {
                self.sign_in(*signed_in, &secret, context, outputs)
            }
            Request::Unlock { person, secret } => {
                self.begin_try(person, secret, Purpose::Unlock, context, outputs)
            }
            Request::Reopen { person, key } => {
                self.reopen(person, key, context, outputs);
                None
            }
            Request::Lock => {
                self.lock(context, outputs);
                None
            }
            Request::ChangeSecret { current, secret } => {
                let person = self.person()?;
                let purpose = Purpose::Change(secret);
                self.begin_try(person, current, purpose, context, outputs)
            }
            Request::Rescue => {
                self.rescue(outputs);
                None
            }
            Request::NoteStorage { facts } => {
                self.storage_facts = Some(facts);
                None
            }
            Request::SignOut => self.sign_out(outputs),
            Request::Reset => {
                self.begin_reset(outputs);
                None
            }
            Request::DiscardRefused { group } => Some(Staged {
                removed_refused: vec![group],
                is_strict: true,
                ..Staged::default()
            }),
            Request::TryAgain { document } => self.try_again(document),
            Request::RetryRefused { group } => self.retry(group, context),
            Request::HideCard { document } => {
                self.shown.remove(&document);
                self.shown_histories.remove(&document);
                None
            }
            Request::ConnectNow => None,
        }
    }
}
