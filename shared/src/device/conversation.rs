//! The conversation with the store: hello, what arrives, what goes out.

use crate::device::engine::{Context, Device, Job, Outputs};
use crate::device::record::StoredOutbox;
use crate::faults;
use crate::secret::SessionToken;
use crate::sync::codec::Message;
use crate::sync::connection::SocketAction;
use crate::sync::message::{
    Ack, AckEntry, Bye, CAN_INFLATE, CAPABILITIES, ClientMessage, Confirmed, Cursors, FeedCursor,
    Frame, Hello, PROTOCOL_VERSION, Report, ServerMessage,
};
use crate::time::Timestamp;

impl Device {
    pub(crate) fn connected(&mut self, context: &Context<'_>, outputs: &mut Outputs) {
        let Some(tablet) = &self.tablet else {
            outputs.socket = Some(self.connection.stop());
            return;
        };
        let hello = Hello {
            version: PROTOCOL_VERSION,
            capabilities: CAPABILITIES,
            device: tablet.device,
            token: self.session_token(),
            scope_version: self.scope.version,
            cursors: self
                .cursors
                .stated_with(&self.scope, &self.feeds_out_of_scope()),
            waiting: self.waiting(),
            keyrings: self.keyrings_version(),
        };
        self.frames = 0;
        self.reported = None;
        self.is_retiring = false;
        self.owes_knowledge = hello.waiting > 0;
        self.connection.opened(context.now);
        outputs.send.push(ClientMessage::Hello(hello).encode());
    }

    /// The token that opens a conversation.
    fn session_token(&self) -> Option<SessionToken> {
        let token = &self.open.as_ref()?.keyring.token;
        SessionToken::from_hex(token.expose()).ok()
    }

    /// Changes that wait in the outbox.
    fn waiting(&self) -> u32 {
        u32::try_from(self.unsent()).unwrap_or(u32::MAX)
    }

    /// Tells how this tablet is: once on each connection, and when nothing waits any more.
    pub(crate) fn report(&mut self, now: Timestamp, outputs: &mut Outputs) {
        let waiting = self.waiting();
        let is_told = match self.reported {
            Some(reported) => reported == waiting || waiting > 0,
            None => false,
        };
        if is_told || !self.connection.is_online() {
            return;
        }
        self.reported = Some(waiting);
        let report = Report {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            now,
            waiting,
            storage: self.storage_facts,
        };
        outputs.send.push(ClientMessage::Report(report).encode());
    }

    /// A new scope is on disk: the server hears where this tablet stands in its feeds.
    pub(crate) fn tell_cursors(&mut self, outputs: &mut Outputs) {
        self.owes_knowledge = true;
        if !self.connection.is_online() {
            return;
        }
        let cursors = Cursors {
            scope_version: self.scope.version,
            cursors: self
                .cursors
                .stated_with(&self.scope, &self.feeds_out_of_scope()),
        };
        outputs.send.push(ClientMessage::Cursors(cursors).encode());
    }

    /// The answer to a frame. While something waits, whoever did it, the server is not told that
    /// what came is known here: it would take what waits for written by someone who knew.
    pub(crate) fn confirm_frame(&mut self, positions: Vec<FeedCursor>) -> ClientMessage {
        let waits = self.unsent() > 0 && !faults::is_planted("knowledge_told_early");
        self.owes_knowledge |= waits;
        let known = if waits { Vec::new() } else { positions };
        ClientMessage::CursorConfirmed(Confirmed {
            frames: 1,
            scope_version: if waits { 0 } else { self.scope.version },
            positions: known,
        })
    }

    /// Tells the server what is known here, once nothing waits that was written before.
    pub(crate) fn tell_knowledge(&mut self, outputs: &mut Outputs) {
        let is_ready = self.connection.is_online() && self.unsent() == 0 && self.open.is_some();
        if !is_ready || !std::mem::take(&mut self.owes_knowledge) {
            return;
        }
        let confirmed = ClientMessage::CursorConfirmed(Confirmed {
            frames: 0,
            scope_version: self.scope.version,
            positions: self.cursors.stated(&self.scope),
        });
        outputs.send.push(confirmed.encode());
    }

    pub(crate) fn received(
        &mut self,
        bytes: &[u8],
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        if !self.connection.is_open() {
            return;
        }
        self.connection.heard(context.now);
        match ServerMessage::decode(bytes) {
            Ok(Some(ServerMessage::Welcome(welcome))) => {
                self.jobs.push_back(Job::Welcome(Box::new(welcome)));
            }
            Ok(Some(ServerMessage::Frame(frame))) => self.take_frame(frame, context, outputs),
            Ok(Some(ServerMessage::Ack(ack))) => self.jobs.push_back(Job::Ack(ack)),
            Ok(Some(ServerMessage::Refused(refused))) => self.jobs.push_back(Job::Refused(refused)),
            Ok(Some(ServerMessage::Rewind(rewind))) => self.jobs.push_back(Job::Rewind(rewind)),
            Ok(Some(ServerMessage::Compared(compared))) => {
                self.jobs.push_back(Job::Compared(compared));
            }
            Ok(Some(ServerMessage::Fetched(fetched))) => self.jobs.push_back(Job::Fetched(fetched)),
            Ok(Some(ServerMessage::Restored(restored))) => self.note_restored(&restored),
            Ok(Some(ServerMessage::Bye(bye))) => self.dismissed(bye, context, outputs),
            // An unknown kind comes from a newer server: skipped.
            Ok(Some(ServerMessage::Pong(_)) | None) => {}
            Err(_) => self.drop_connection(context, outputs),
        }
    }

    /// Takes the frame that is next. One that comes twice is left out; where one is missing, all
    /// that follows would have to be.
    fn take_frame(&mut self, frame: Frame, context: &mut Context<'_>, outputs: &mut Outputs) {
        if frame.number == self.frames.saturating_add(1) || faults::is_planted("frame_gap_ignored")
        {
            self.frames = frame.number;
            self.jobs.push_back(Job::Frame(frame));
        } else if frame.number > self.frames {
            self.drop_connection(context, outputs);
        } else if faults::is_planted("cursor_moved_back") {
            self.jobs.push_back(Job::Frame(frame));
        }
    }

    pub(crate) fn dismissed(&mut self, bye: Bye, context: &mut Context<'_>, outputs: &mut Outputs) {
        self.connection
            .dismissed(bye, context.now, context.randomness);
        self.forget_conversation();
        if bye == Bye::Erase {
            self.begin_erasing();
        }
        outputs.socket = Some(SocketAction::Close);
    }

    /// Forgets what arrived and was not taken yet: the next connection brings it again.
    pub(crate) fn forget_conversation(&mut self) {
        self.jobs.retain(|job| !job.is_of_the_conversation());
        self.checks.clear();
        self.judged_feeds.clear();
    }

    /// Gives this connection up and tries again after a pause.
    pub(crate) fn drop_connection(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) {
        self.forget_conversation();
        self.connection.lost(context.now, context.randomness);
        outputs.socket = Some(SocketAction::Close);
    }

    /// Sends what waits, whoever did it: its seal says whose it is.
    pub(crate) fn push(&mut self, outputs: &mut Outputs) {
        let waits = |row: &&StoredOutbox| row.header.answer.is_none();
        while let Some(message) = self.connection.next_push(self.shelf.values().filter(waits)) {
            outputs.send.push(message.encode_for(CAN_INFLATE));
            if faults::is_planted("outbox_removed_on_sending")
                && let ClientMessage::Push(push) = &message
            {
                self.jobs.push_back(Job::Ack(Ack {
                    entries: push
                        .items
                        .iter()
                        .map(|item| AckEntry {
                            device_seq: item.device_seq,
                            seq: 0,
                        })
                        .collect(),
                    at: Timestamp::default(),
                    receipts: Vec::new(),
                }));
            }
        }
    }
}
