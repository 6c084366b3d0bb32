//! The people of a tablet: signing in and out, changing the PIN, the lease, and who left.

use std::collections::BTreeSet;

use crate::access::{Identity, Scope, StoreSettings};
use crate::api::SignedIn;
use crate::device::engine::{Context, Device, Job, Outputs};
use crate::device::message::{Notice, PersonHere, SignInProblem};
use crate::device::record::TabletRecord;
use crate::device::sealing::OpenKeyring;
use crate::device::staged::Staged;
use crate::faults;
use crate::id::{FeedId, PersonId};
use crate::secret::Secret;
use crate::sync::message::Welcome;
use crate::time::Timestamp;
use crate::vault::key::Key;
use crate::vault::keyring::{Closed, Keyring, KeyringRecord};
use crate::vault::lease::Lease;
use crate::vault::pin;

impl Device {
    /// Takes an online sign-in: makes or replaces the person's keyring and opens it.
    pub(crate) fn sign_in(
        &mut self,
        signed_in: SignedIn,
        secret: &Secret,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let mut refuse = |problem| {
            outputs.notices.push(Notice::NotSignedIn { problem });
            None
        };
        if let Err(weak) = pin::check(secret) {
            return refuse(SignInProblem::Weak {
                code: weak.code().to_owned(),
            });
        }
        let tablet = TabletRecord::of(&signed_in.identity);
        let is_other = self
            .tablet
            .as_ref()
            .is_some_and(|known| known.device != tablet.device);
        // Work that waits was sealed as the tablet that this browser was before.
        if is_other && self.unsent() > 0 {
            return refuse(SignInProblem::OtherTablet);
        }
        let person = signed_in.identity.person;
        let lease = Lease::begun(
            Self::lease_hours(&signed_in.scope, &signed_in.identity),
            context.now,
        );
        // Older keys open what was sealed with them.
        let open = self.open.as_ref().filter(|open| open.person() == person);
        let mut keyring = Keyring::new(
            signed_in.identity,
            signed_in.scope,
            signed_in.token,
            &signed_in.keys,
        );
        if let Some(open) = open {
            keyring.keep_older(&open.keyring);
        }
        let (device_secret, new_secret) = match &self.device_secret {
            Some(secret) => (secret.clone(), None),
            None => {
                let secret = Key::draw(context.randomness);
                (secret.clone(), Some(secret))
            }
        };
        let created = KeyringRecord::create(
            &keyring,
            secret,
            &device_secret,
            self.cost,
            lease,
            context.randomness,
        );
        let Some((record, key)) = created else {
            return refuse(SignInProblem::Storage);
        };
        // Keys of feeds that left the scope went with a keyring that was closed: what is here under
        // them opens for nobody any more, and work of theirs that waits is sealed for the store.
        let before = self.people.get(&person);
        let before = before.into_iter();
        let before = before.flat_map(|known| known.feed_ids().chain(known.lost.iter().copied()));
        let emptied: BTreeSet<FeedId> = before
            .filter(|feed| keyring.feed_keys(*feed).is_empty())
            .filter(|feed| !self.is_held_besides(Some(person), *feed))
            .collect();
        let mut keyrings = vec![record];
        if new_secret.is_some() {
            // Without the old secret the PINs of the others open nothing any more.
            let others = self.people.values().filter(|other| other.person != person);
            keyrings.extend(others.cloned().map(|mut other| {
                other.close(Closed::Damaged);
                other
            }));
        }
        Some(Staged {
            erases: is_other,
            cursors: self.cursors.without(&emptied),
            emptied_feeds: emptied,
            tablet: Some(tablet),
            device_secret: new_secret,
            keyrings,
            is_strict: true,
            then: Some(Job::Open(Box::new(OpenKeyring::new(keyring, key)))),
            on_failure: Some(Notice::NotSignedIn {
                problem: SignInProblem::Storage,
            }),
            ..Staged::default()
        })
    }

    /// Seals the open keyring with another PIN; the old one was tried.
    pub(crate) fn replace_secret(
        &mut self,
        secret: &Secret,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        if let Err(weak) = pin::check(secret) {
            let code = weak.code().to_owned();
            let problem = SignInProblem::Weak { code };
            outputs.notices.push(Notice::NotSignedIn { problem });
            return None;
        }
        let open = self.open.as_ref()?;
        let device_secret = self.device_secret.as_ref()?;
        let known = self.people.get(&open.person())?;
        let (record, key) = KeyringRecord::create(
            &open.keyring,
            secret,
            device_secret,
            self.cost,
            known.lease,
            context.randomness,
        )?;
        Some(Staged {
            keyrings: vec![record],
            notices: vec![Notice::SecretChanged { key: key.clone() }],
            opens: Some(OpenKeyring::new(open.keyring.clone(), key)),
            is_strict: true,
            ..Staged::default()
        })
    }

    /// The person leaves this tablet for good, with what only they hold here.
    pub(crate) fn sign_out(&mut self, outputs: &mut Outputs) -> Option<Staged> {
        let person = self.open.as_ref()?.person();
        let own: Vec<u64> = self
            .shelf
            .values()
            .filter(|row| row.header.person == person && row.header.answer.is_none())
            .map(|row| row.header.device_seq)
            .collect();
        let unsaved = own.iter().filter(|seq| !self.rescued.contains(seq));
        let unsent = unsaved.count() + self.noted_refusals_of(person);
        let refused = self.refused.len();
        if unsent + refused > 0 {
            outputs
                .notices
                .push(Notice::LeavingRefused { unsent, refused });
            return None;
        }
        // What is in a rescue file goes: the file is the only copy from now on.
        Some(Staged {
            removed_outbox: own,
            ..self.without_people(&BTreeSet::from([person]))
        })
    }

    /// Removes keyrings, and what nobody else on this tablet holds.
    pub(crate) fn without_people(&self, people: &BTreeSet<PersonId>) -> Staged {
        let (going, staying): (Vec<_>, Vec<_>) = self
            .people
            .values()
            .partition(|record| people.contains(&record.person));
        let held = |records: &[&KeyringRecord]| -> BTreeSet<FeedId> {
            let records = records.iter();
            records.flat_map(|record| record.feed_ids()).collect()
        };
        let mut emptied = held(&going);
        emptied.extend(going.iter().flat_map(|record| &record.lost));
        let emptied: BTreeSet<FeedId> = &emptied - &held(&staying);
        Staged {
            removed_keyrings: going.iter().map(|record| record.person).collect(),
            cursors: self.cursors.without(&emptied),
            emptied_feeds: emptied,
            is_strict: true,
            ..Staged::default()
        }
    }

    /// Takes what a conversation says about the people of this tablet: those who do not work here
    /// any more lose their keyrings, those who may see less the keys of the rest, and the lease of
    /// whom the store knows begins anew. (What the open keyring holds follows from its scope.)
    pub(crate) fn note_contact(&self, welcome: &Welcome, is_first: bool, now: Timestamp) -> Staged {
        let is_here = |person: &&PersonId| self.people.contains_key(person);
        let gone: BTreeSet<PersonId> = welcome.gone.iter().filter(is_here).copied().collect();
        let mut staged = if gone.is_empty() {
            Staged::default()
        } else {
            self.without_people(&gone)
        };
        let others = self.people.values();
        for record in others.filter(|record| !gone.contains(&record.person)) {
            let mut changed = record.clone();
            let is_open = self.person() == Some(record.person);
            match &welcome.rights {
                Some(rights) if !is_open => {
                    let mut people = rights.people.iter();
                    let named = people.find(|named| named.person == record.person);
                    if let Some(named) = named {
                        let feeds = named.feeds.iter().copied().collect();
                        changed.keep_only(&feeds, rights.scope_version);
                    } else if !faults::is_planted("lease_renewed_unasked") {
                        continue;
                    }
                }
                // Whoever has the session is answered.
                Some(_) => {}
                // All is as the greeting said, or nothing is said of it.
                None if is_first => {}
                None => continue,
            }
            if faults::is_planted("lost_rights_kept") {
                changed = record.clone();
            }
            // Many conversations in a row are one contact.
            let is_fresh = record.lease.elapsed_millis(now) < CONTACT_PAUSE_MILLIS;
            if record.closed.is_none() && !is_fresh {
                changed.lease = Lease::begun(record.lease.hours, now);
            }
            if changed != *record {
                // What somebody lost must not come back with a power failure.
                staged.is_strict |= changed.lost != record.lost;
                staged.put_keyring(changed);
            }
        }
        staged
    }

    /// The oldest version of the scope for which a keyring here holds its feeds.
    pub(crate) fn keyrings_version(&self) -> Option<u64> {
        let people = self.people.values();
        people.map(|record| record.scope_version).min()
    }

    /// Looks at the clock: what a lease ends is deleted, and how far the clock moved is written
    /// down now and then.
    pub(crate) fn look_at_leases(&mut self, now: Timestamp) {
        let is_due = |record: &KeyringRecord| {
            record.closed.is_none()
                && (record.lease.is_over(now) || record.lease.is_worth_noting(now))
        };
        let is_waiting = self.jobs.iter().any(|job| matches!(job, Job::NoteLeases));
        if !is_waiting && self.is_at_rest() && self.people.values().any(is_due) {
            self.jobs.push_back(Job::NoteLeases);
        }
    }

    /// When the clock is to be looked at next.
    pub(crate) fn leases_wake_at(&self) -> Option<Timestamp> {
        let open = self
            .people
            .values()
            .filter(|record| record.closed.is_none());
        open.map(|record| record.lease.wake_at()).min()
    }

    pub(crate) fn note_leases(&self, now: Timestamp) -> Option<Staged> {
        let mut staged = Staged {
            is_strict: true,
            ..Staged::default()
        };
        for record in self
            .people
            .values()
            .filter(|record| record.closed.is_none())
        {
            let mut record = KeyringRecord {
                lease: record.lease.looked_at(now),
                ..record.clone()
            };
            if record.lease.is_over(now) {
                record.close(Closed::LeaseOver);
            }
            staged.put_keyring(record);
        }
        (!staged.keyrings.is_empty()).then_some(staged)
    }

    /// The people who have a keyring here or whose work waits here.
    pub(crate) fn people_here(&self, now: Timestamp) -> Vec<PersonHere> {
        let people = self.people.values();
        people
            .map(|record| PersonHere {
                person: record.person,
                name: record.name.clone(),
                waiting: self.waiting_of_person(record.person),
                refused: self.noted_refusals_of(record.person),
                tries_left: record.tries.left(),
                closed: record.closed,
                lease_hours_left: record.lease.hours_left(now),
                is_lease_ending: record.lease.is_ending(now),
            })
            .collect()
    }

    /// Tells who is here, if that changed.
    pub(crate) fn tell_people(&mut self, now: Timestamp, outputs: &mut Outputs) {
        let Some(told) = &self.told_people else {
            return;
        };
        let people = self.people_here(now);
        if *told != people {
            self.told_people = Some(people.clone());
            outputs.notices.push(Notice::People { people });
        }
    }

    /// How long the home store of a person lets their keyring open without contact.
    pub(crate) fn lease_hours(scope: &Scope, identity: &Identity) -> u32 {
        let store = scope.store(identity.store);
        store
            .map_or(StoreSettings::default(), |store| store.settings)
            .lease_hours
    }

    /// Changes of a person that are not at the store.
    pub(crate) fn waiting_of_person(&self, person: PersonId) -> usize {
        let rows = self
            .shelf
            .values()
            .filter(|row| row.header.person == person);
        rows.filter(|row| row.header.answer.is_none()).count()
    }

    /// Changes of a person that were refused while they were not here.
    pub(crate) fn noted_refusals_of(&self, person: PersonId) -> usize {
        let rows = self
            .shelf
            .values()
            .filter(|row| row.header.person == person);
        rows.filter(|row| row.header.is_refused()).count()
    }

    /// Changes on this tablet that are not at the store, whoever made them.
    pub(crate) fn unsent(&self) -> usize {
        let rows = self.shelf.values();
        rows.filter(|row| row.header.answer.is_none()).count()
    }
}

/// Contacts within this time are one, in milliseconds.
const CONTACT_PAUSE_MILLIS: u64 = 60_000;
