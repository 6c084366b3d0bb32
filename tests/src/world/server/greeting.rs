//! Signing in, greeting, and what is said to those who may not: as the server's sockets do it.

use floorbook_server::access::code;
use floorbook_server::database::model::NewSession;
use floorbook_server::database::register::TabletRegister;
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_shared::access::Identity;
use floorbook_shared::api::session::SignedIn;
use floorbook_shared::api::{Erased, TabletState};
use floorbook_shared::id::{DeviceId, PersonId, Randomness};
use floorbook_shared::secret::SessionToken;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::message::{Bye, Hello, PeopleRights, PersonRights, ServerMessage};
use floorbook_shared::sync::server::{Peer, PeerPeople, PeerStanding, Session};
use floorbook_shared::time::Timestamp;

use super::super::Dice;
use super::super::people::master;
use super::Server;
use crate::tablets::new_tablet;

impl Server {
    /// Signs someone in online, if they may.
    pub fn sign_in(
        &mut self,
        identity: &Identity,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Option<SignedIn> {
        let mut token = [0; 32];
        dice.fill(&mut token);
        if self.revokes {
            let session = NewSession {
                device: identity.device,
                token: code::session_hash(&token),
                now,
                expires: now.plus_millis(i64::MAX / 4),
            };
            self.database.sign_in(identity.person, &session).ok()?;
        }
        self.tokens.insert(token, identity.person);
        let known = self.signed_in.entry(identity.device).or_default();
        known.insert(identity.person);
        let scope = self.scope_of(identity.person);
        Some(SignedIn {
            identity: identity.clone(),
            token: SessionToken::from_bytes(token).to_hex(),
            expires: Timestamp::default(),
            keys: master().issue(identity.device, identity.person, &scope),
            scope,
        })
    }

    /// Finds out who greets on a connection, or why it must close.
    pub(super) fn greet(
        &mut self,
        tablet: usize,
        hello: &Hello,
        now: Timestamp,
    ) -> Result<(), Bye> {
        let Some((_, wire)) = self.wires.get(&tablet) else {
            return Ok(());
        };
        let device = wire.peer.device;
        // One that comes twice is for the session to judge.
        if wire.is_greeted {
            return Ok(());
        }
        let state = self.state_of(device, now);
        if state == TabletState::Stolen {
            note_erased(&self.database, device, now);
            return Err(Bye::Erase);
        }
        let is_retired = state == TabletState::Retired;
        let mut peer = Peer {
            device,
            person: None,
        };
        if let Some(token) = hello.token.as_ref().filter(|_| !is_retired) {
            peer.person = Some(
                self.person_of(device, token, now)
                    .ok_or(Bye::SignInNeeded)?,
            );
        }
        let scope = peer.person.map(|person| self.scope_of(person));
        let standing = PeerStanding {
            people: self.people_of(device),
            is_retiring: is_retired || state == TabletState::Retiring,
        };
        if let Some((_, wire)) = self.wires.get_mut(&tablet) {
            let session = Session::new(peer, scope.unwrap_or_default());
            wire.peer = peer;
            wire.session = session.with_standing(standing).with_master(master());
            wire.is_greeted = true;
        }
        Ok(())
    }

    /// How those stand who ever signed in on a tablet.
    pub(super) fn people_of(&self, device: DeviceId) -> PeerPeople {
        if self.revokes {
            return self.database.people_of(device).expect("the disk works");
        }
        let scope = self.scope();
        let people = self.signed_in.get(&device).into_iter().flatten();
        let rights = people.map(|person| PersonRights {
            person: *person,
            feeds: scope.seen_by(*person).map(|feed| feed.id).collect(),
        });
        PeerPeople {
            gone: Vec::new(),
            rights: PeopleRights {
                scope_version: scope.version,
                people: rights.collect(),
            },
        }
    }

    /// How a tablet stands.
    pub(in crate::world) fn state_of(&self, device: DeviceId, now: Timestamp) -> TabletState {
        if !self.revokes {
            return TabletState::Active;
        }
        let found = self.database.tablet(device, new_tablet(device, now).token);
        found
            .expect("the disk works")
            .expect("it is enrolled")
            .state
    }

    fn person_of(
        &self,
        device: DeviceId,
        token: &SessionToken,
        now: Timestamp,
    ) -> Option<PersonId> {
        let known = self.tokens.get(token.expose()).copied();
        let known = known.expect("tokens are this server's");
        if !self.revokes {
            return Some(known);
        }
        let hash = code::session_hash(token.expose());
        let session = self.database.session(hash, device, now);
        let session = session.expect("the disk works")?;
        assert_eq!(
            session.identity.person, known,
            "sessions are their people's"
        );
        Some(known)
    }

    /// Says goodbye on a connection.
    pub(super) fn dismiss(&mut self, tablet: usize, bye: Bye) {
        if let Some((_, wire)) = self.wires.get_mut(&tablet)
            && !wire.is_closed
        {
            if !wire.is_silent {
                wire.down.push_back(ServerMessage::Bye(bye).encode());
            }
            wire.is_closed = true;
            wire.reads.clear();
            wire.is_scope_due = false;
        }
    }

    /// Says goodbye on every connection of these.
    pub(in crate::world) fn end_sockets(&mut self, bye: Bye, is_over: impl Fn(&Peer) -> bool) {
        for tablet in self.connected() {
            let wire = self.wires.get(&tablet);
            if wire.is_some_and(|(_, wire)| is_over(&wire.peer)) {
                self.dismiss(tablet, bye);
            }
        }
    }
}

/// Notes that a tablet is told to empty itself, before it is told.
pub(super) fn note_erased(database: &RedbDatabase, device: DeviceId, now: Timestamp) {
    let erased = Erased {
        at: now,
        waiting: 0,
    };
    let noted = database.note_erased(device, erased);
    noted.expect("the disk works");
}
