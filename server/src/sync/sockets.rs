//! The open sockets: how many there may be, and which of them must end with a session.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::sync::message::Bye;
use floorbook_shared::sync::server::Peer;
use tokio::sync::{oneshot, watch};

/// Sockets of one server.
pub const SOCKETS_MAX: usize = 2_000;
/// Sockets of one device, all tabs and half-dead connections together.
pub const DEVICE_SOCKETS_MAX: usize = 20;

/// All open sockets of a server.
#[derive(Debug, Default)]
pub struct Sockets {
    register: Arc<Mutex<Register>>,
    /// Sockets that hold a place, those included that were told to end and still say goodbye.
    places: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Register {
    last_number: u64,
    /// By number, so the first one of a device is its oldest.
    open: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    peer: Peer,
    end: oneshot::Sender<Bye>,
}

/// A socket's place in the register, which it leaves when this is dropped.
#[derive(Debug)]
pub struct Place {
    number: u64,
    register: Arc<Mutex<Register>>,
    places: watch::Sender<usize>,
    /// Tells the socket that it must end, and why.
    pub ending: oneshot::Receiver<Bye>,
}

fn lock(register: &Mutex<Register>) -> MutexGuard<'_, Register> {
    register.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sockets {
    /// Enters a socket; `None` if there are too many. The oldest of a device gives way to its
    /// newest, because a tablet that connects again may not know that its old sockets are dead.
    pub fn enter(&self, peer: Peer) -> Option<Place> {
        let mut register = lock(&self.register);
        let mut of_device = register
            .open
            .iter()
            .filter(|(_, entry)| entry.peer.device == peer.device)
            .map(|(number, _)| *number);
        let oldest = of_device.next();
        let count = of_device.count() + 1;
        if let Some(oldest) = oldest
            && count >= DEVICE_SOCKETS_MAX
        {
            register.end(oldest, Bye::Unavailable);
        }
        if self.count() >= SOCKETS_MAX {
            return None;
        }
        register.last_number += 1;
        let number = register.last_number;
        let (end, ending) = oneshot::channel();
        register.open.insert(number, Entry { peer, end });
        self.places.send_modify(|count| *count += 1);
        Some(Place {
            number,
            register: Arc::clone(&self.register),
            places: self.places.clone(),
            ending,
        })
    }

    /// Ends all sockets of a person, or those on one device: their session is over.
    pub fn end_sessions(&self, person: PersonId, device: Option<DeviceId>) {
        self.end_those(Bye::SignInNeeded, |peer| {
            peer.person == Some(person) && device.is_none_or(|device| device == peer.device)
        });
    }

    /// Ends all sockets of a device, whoever is signed in.
    pub fn end_device(&self, device: DeviceId, bye: Bye) {
        self.end_those(bye, |peer| peer.device == device);
    }

    fn end_those(&self, bye: Bye, is_over: impl Fn(&Peer) -> bool) {
        let mut register = lock(&self.register);
        let open = register.open.iter();
        let over: Vec<u64> = open
            .filter(|(_, entry)| is_over(&entry.peer))
            .map(|(number, _)| *number)
            .collect();
        for number in over {
            register.end(number, bye);
        }
    }

    /// The devices that have an open socket.
    pub fn devices(&self) -> BTreeSet<DeviceId> {
        let register = lock(&self.register);
        let open = register.open.values();
        open.map(|entry| entry.peer.device).collect()
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        *self.places.borrow()
    }

    /// Waits until none is open, also none that still says goodbye.
    pub async fn all_closed(&self) {
        let mut places = self.places.subscribe();
        // The sender lives as long as this, so waiting can't fail.
        let _ = places.wait_for(|count| *count == 0).await;
    }
}

impl Register {
    fn end(&mut self, number: u64, bye: Bye) {
        if let Some(entry) = self.open.remove(&number) {
            // One that nobody listens to has ended by itself.
            let _ = entry.end.send(bye);
        }
    }
}

impl Place {
    /// Says who is signed in on the tablet: what ends their session ends the socket from now on.
    pub fn identify(&self, person: PersonId) {
        if let Some(entry) = lock(&self.register).open.get_mut(&self.number) {
            entry.peer.person = Some(person);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.register).open.remove(&self.number);
        self.places
            .send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(device: u16, person: u8) -> Peer {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&device.to_be_bytes());
        Peer {
            device: DeviceId::from_bytes(bytes),
            person: Some(PersonId::from_bytes([person; 16])),
        }
    }

    #[test]
    fn the_oldest_socket_of_a_device_gives_way() {
        let sockets = Sockets::default();
        let mut places: Vec<Place> = (0..DEVICE_SOCKETS_MAX)
            .map(|_| sockets.enter(peer(1, 1)).unwrap())
            .collect();
        let mut other = sockets.enter(peer(2, 1)).unwrap();
        let _newest = sockets.enter(peer(1, 1)).unwrap();
        assert_eq!(places[0].ending.try_recv(), Ok(Bye::Unavailable));
        assert!(places[1].ending.try_recv().is_err());
        assert!(other.ending.try_recv().is_err());
        places.clear();
        assert_eq!(sockets.count(), 2);
    }

    #[test]
    fn a_full_server_takes_no_more() {
        let sockets = Sockets::default();
        let devices = 0..u16::try_from(SOCKETS_MAX).unwrap();
        let mut places: Vec<Place> = devices
            .map(|device| sockets.enter(peer(device, 1)).unwrap())
            .collect();
        assert!(sockets.enter(peer(u16::MAX, 1)).is_none());
        places.pop();
        assert!(sockets.enter(peer(u16::MAX, 1)).is_some());
    }

    #[test]
    fn a_session_ends_with_its_sockets_and_nobody_elses() {
        let sockets = Sockets::default();
        let mut here = sockets.enter(peer(1, 1)).unwrap();
        let mut elsewhere = sockets.enter(peer(2, 1)).unwrap();
        let mut colleague = sockets.enter(peer(1, 2)).unwrap();
        let person = peer(1, 1).person.unwrap();
        sockets.end_sessions(person, Some(peer(1, 1).device));
        assert_eq!(here.ending.try_recv(), Ok(Bye::SignInNeeded));
        assert!(elsewhere.ending.try_recv().is_err());
        sockets.end_sessions(person, None);
        assert_eq!(elsewhere.ending.try_recv(), Ok(Bye::SignInNeeded));
        assert!(colleague.ending.try_recv().is_err());
    }
    #[test]
    fn who_greets_later_is_found_by_their_name_and_a_tablet_whoever_is_there() {
        let sockets = Sockets::default();
        let nobody = Peer {
            person: None,
            ..peer(1, 1)
        };
        let mut named = sockets.enter(nobody).unwrap();
        let mut locked = sockets.enter(nobody).unwrap();
        let person = peer(1, 1).person.unwrap();
        named.identify(person);
        sockets.end_sessions(person, None);
        assert_eq!(named.ending.try_recv(), Ok(Bye::SignInNeeded));
        assert!(locked.ending.try_recv().is_err());
        sockets.end_device(nobody.device, Bye::Erase);
        assert_eq!(locked.ending.try_recv(), Ok(Bye::Erase));
    }
}
