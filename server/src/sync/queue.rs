//! One thread that commits for everyone: what waits while it works becomes one batch, one fsync.
//!
//! Nothing waits for a batch to fill. Large pushes are taken in slices, in turns with the others,
//! so that someone's single edit does not wait behind someone else's weeks of work.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::thread;

use floorbook_shared::document::write::Writer;
use floorbook_shared::id::{DeviceId, HandoverId};
use floorbook_shared::sync::message::{Offered, PushItem, Restored};
use floorbook_shared::sync::server::Settled;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::delivery::ForgedSeal;
use floorbook_shared::vault::master::MasterSecret;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::commit::{Committer, ServerDeed, Submission};
use super::housework::Housework;
use super::opened::OpenedItem;
use super::restoring::Offering;
use crate::clock::{Clock, SystemClock};
use crate::database::model::Told;
use crate::database::{Database, DatabaseError};
use crate::handover::steps::{self, SLICE_DOCUMENTS, Step};

/// Pushes that may wait before senders have to.
const QUEUE_MAX_TASKS: usize = 256;
/// Bytes of all pushes that may wait, together, before senders have to.
const QUEUE_MAX_BYTES: usize = 32 * 1024 * 1024;
/// Changes that one transaction takes: about a tenth of a second of judging.
const BATCH_MAX_CHANGES: usize = 256;
/// Changes that one push contributes before the next push has its turn. The changes of one command
/// stay together.
const SLICE_CHANGES: usize = 16;

/// How each of the server's own commands ended: whether it changed anything, or why not.
pub type DeedResults = Vec<Result<bool, String>>;

enum Task {
    Push {
        device: DeviceId,
        told: Arc<Told>,
        items: Vec<OpenedItem>,
        reply: oneshot::Sender<Vec<Settled>>,
        room: OwnedSemaphorePermit,
    },
    Deeds(WaitingDeeds),
    HandOver(WaitingHandover),
    Offering(WaitingOffering),
}

/// The database could not write; what was submitted is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server can't store at the moment")]
pub struct NotStored;

/// The way to the committing thread.
#[derive(Clone)]
pub struct CommitQueue {
    thread: Arc<CommitThread>,
    /// Room for waiting pushes, in bytes.
    room: Arc<Semaphore>,
    moved: watch::Sender<u64>,
}

/// The committing thread. The last handle that is dropped waits for its end, so that the database
/// is free from then on.
struct CommitThread {
    /// Always there until the drop.
    tasks: Option<mpsc::Sender<Task>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl CommitThread {
    async fn send(&self, task: Task) -> Result<(), NotStored> {
        let tasks = self.tasks.as_ref().ok_or(NotStored)?;
        tasks.send(task).await.map_err(|_| NotStored)
    }
}

impl Drop for CommitThread {
    fn drop(&mut self) {
        drop(self.tasks.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the committing thread panicked");
        }
    }
}

impl CommitQueue {
    /// Starts the thread. It has ended when the last handle is gone.
    pub fn start(database: Arc<dyn Database>) -> std::io::Result<Self> {
        let (tasks, receiver) = mpsc::channel(QUEUE_MAX_TASKS);
        let moved = watch::Sender::new(0);
        let watched = moved.clone();
        let thread = thread::Builder::new()
            .name("commit".to_owned())
            .spawn(move || work(&mut Committer::new(database), receiver, &watched))?;
        Ok(Self {
            thread: Arc::new(CommitThread {
                tasks: Some(tasks),
                thread: Some(thread),
            }),
            room: Arc::new(Semaphore::new(QUEUE_MAX_BYTES)),
            moved,
        })
    }

    /// Opens, judges and commits what a tablet pushed; waits while the queue is full.
    pub async fn push(
        &self,
        device: DeviceId,
        told: Arc<Told>,
        items: Vec<PushItem>,
        master: &MasterSecret,
        now: Timestamp,
    ) -> Result<Vec<Settled>, NotStored> {
        let mut opened = Vec::with_capacity(items.len());
        let mut settled = Vec::new();
        for item in &items {
            match OpenedItem::open(item, device, master) {
                Ok(item) => opened.push(item),
                Err(ForgedSeal) => settled.push(Settled {
                    device_seq: item.device_seq,
                    result: Err(ForgedSeal::CODE.to_owned()),
                    at: now,
                    receipt: None,
                }),
            }
        }
        settled.extend(self.push_opened(device, told, opened).await?);
        Ok(settled)
    }

    /// Judges and commits changes whose author is known; waits while the queue is full.
    pub async fn push_opened(
        &self,
        device: DeviceId,
        told: Arc<Told>,
        items: Vec<OpenedItem>,
    ) -> Result<Vec<Settled>, NotStored> {
        let (reply, answer) = oneshot::channel();
        let bytes: usize = items.iter().map(weight).sum();
        let room = self.room_for(bytes).await?;
        let task = Task::Push {
            device,
            told,
            items,
            reply,
            room,
        };
        self.thread.send(task).await?;
        answer.await.map_err(|_| NotStored)
    }

    /// Runs commands of the server itself.
    pub async fn run(
        &self,
        deeds: Vec<ServerDeed>,
        writer: Writer,
    ) -> Result<DeedResults, NotStored> {
        let (reply, answer) = oneshot::channel();
        let waiting = WaitingDeeds {
            deeds,
            writer,
            reply,
        };
        self.thread.send(Task::Deeds(waiting)).await?;
        answer.await.map_err(|_| NotStored)
    }

    /// Takes the next step of a handover, written by this writer at this time.
    pub async fn hand_over(
        &self,
        handover: HandoverId,
        writer: Writer,
        at: Timestamp,
    ) -> Result<Step, NotStored> {
        let (reply, answer) = oneshot::channel();
        let waiting = WaitingHandover {
            handover,
            writer,
            at,
            reply,
        };
        self.thread.send(Task::HandOver(waiting)).await?;
        answer.await.map_err(|_| NotStored)
    }

    /// Judges an offer and commits what it brings back; waits while the queue is full.
    pub async fn restore(&self, offering: Offering) -> Result<Restored, NotStored> {
        let (reply, answer) = oneshot::channel();
        let bytes: usize = offering.documents.iter().map(weight_of_offered).sum();
        let room = self.room_for(bytes).await?;
        let task = Task::Offering(WaitingOffering {
            offering,
            reply,
            _room: room,
        });
        self.thread.send(task).await?;
        answer.await.map_err(|_| NotStored)
    }

    /// Waits until there is room for so many bytes.
    async fn room_for(&self, bytes: usize) -> Result<OwnedSemaphorePermit, NotStored> {
        let permits = u32::try_from(bytes.min(QUEUE_MAX_BYTES)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(permits);
        room.await.map_err(|_| NotStored)
    }

    /// How many commits there were.
    pub fn count(&self) -> u64 {
        *self.moved.borrow()
    }

    /// Follows the logs: the value moves after every commit.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }
}

impl fmt::Debug for CommitQueue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CommitQueue")
    }
}

/// What a waiting change takes up, in bytes, with what stands around it.
fn weight(item: &OpenedItem) -> usize {
    item.change.len() + size_of::<OpenedItem>()
}

/// What an offered document takes up, in bytes.
fn weight_of_offered(offered: &Offered) -> usize {
    let changes = offered.changes.iter().map(Vec::len).sum::<usize>();
    changes + size_of::<Offered>() + size_of_val(offered.heads.as_slice())
}

/// An offer that is not judged yet.
struct WaitingOffering {
    offering: Offering,
    reply: oneshot::Sender<Restored>,
    /// Given back when the offer is judged.
    _room: OwnedSemaphorePermit,
}

/// A push that is not settled yet.
struct Waiting {
    device: DeviceId,
    told: Arc<Told>,
    items: VecDeque<OpenedItem>,
    settled: Vec<Settled>,
    reply: oneshot::Sender<Vec<Settled>>,
    /// Given back when the push is settled.
    _room: OwnedSemaphorePermit,
}

/// Commands of the server's own that are not run yet.
struct WaitingDeeds {
    deeds: Vec<ServerDeed>,
    writer: Writer,
    reply: oneshot::Sender<DeedResults>,
}

/// A step of a handover that was not taken yet.
struct WaitingHandover {
    handover: HandoverId,
    writer: Writer,
    at: Timestamp,
    reply: oneshot::Sender<Step>,
}

/// What the committing thread has taken from the channel.
#[derive(Default)]
struct Desk {
    pushes: VecDeque<Waiting>,
    deeds: VecDeque<WaitingDeeds>,
    handovers: VecDeque<WaitingHandover>,
    offerings: VecDeque<WaitingOffering>,
}

impl Desk {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_full(&self) -> bool {
        self.len() >= QUEUE_MAX_TASKS
    }

    fn len(&self) -> usize {
        self.pushes.len() + self.deeds.len() + self.handovers.len() + self.offerings.len()
    }

    fn put(&mut self, task: Task) {
        match task {
            Task::Push {
                device,
                told,
                items,
                reply,
                room,
            } => self.pushes.push_back(Waiting {
                device,
                told,
                items: items.into(),
                settled: Vec::new(),
                reply,
                _room: room,
            }),
            Task::Deeds(waiting) => self.deeds.push_back(waiting),
            Task::HandOver(waiting) => self.handovers.push_back(waiting),
            Task::Offering(waiting) => self.offerings.push_back(waiting),
        }
    }

    /// Takes the next batch, and tells from which push each of its slices is. What a device pushed
    /// later waits for what it pushed before.
    fn batch(&mut self) -> (Vec<Submission>, Vec<(usize, usize)>) {
        let mut batch = Vec::new();
        let mut slices = Vec::new();
        let mut takes = true;
        while takes && batch.len() < BATCH_MAX_CHANGES {
            takes = false;
            let mut busy = BTreeSet::new();
            for (place, push) in self.pushes.iter_mut().enumerate() {
                if batch.len() >= BATCH_MAX_CHANGES {
                    break;
                }
                if push.items.is_empty() {
                    continue;
                }
                if !busy.insert(push.device) {
                    continue;
                }
                let before = batch.len();
                push.take_slice(&mut batch);
                slices.push((place, batch.len() - before));
                takes = true;
            }
        }
        (batch, slices)
    }
}

impl Waiting {
    fn take_slice(&mut self, batch: &mut Vec<Submission>) {
        let mut group = None;
        let mut count = 0;
        while let Some(item) = self.items.front() {
            if count >= SLICE_CHANGES && group != Some(item.group) {
                return;
            }
            group = Some(item.group);
            count += 1;
            let taken = self.items.pop_front();
            batch.extend(taken.map(|item| Submission {
                device: self.device,
                told: Arc::clone(&self.told),
                item,
            }));
        }
    }
}

fn work(committer: &mut Committer, mut tasks: mpsc::Receiver<Task>, moved: &watch::Sender<u64>) {
    let mut desk = Desk::default();
    let mut housework = Housework::default();
    loop {
        if desk.is_empty() {
            match next(committer, &mut housework, &mut tasks) {
                Some(task) => desk.put(task),
                None => return,
            }
        }
        while !desk.is_full()
            && let Ok(task) = tasks.try_recv()
        {
            desk.put(task);
        }
        if let Some(waiting) = desk.deeds.pop_front() {
            let deeds = &waiting.deeds;
            housework.changed(deeds.iter().map(|deed| deed.place.key.id));
            match committer.run(deeds, &waiting.writer, SystemClock.now()) {
                Ok(results) => drop(waiting.reply.send(results)),
                Err(error) => report(&error),
            }
        }
        if let Some(waiting) = desk.handovers.pop_front() {
            let (id, writer) = (waiting.handover, &waiting.writer);
            match steps::step(committer, id, SLICE_DOCUMENTS, writer, waiting.at) {
                Ok(step) => {
                    if let Step::Moved(moved) = &step {
                        housework.changed(moved.documents.iter().copied());
                    }
                    drop(waiting.reply.send(step));
                }
                Err(error) => report(&error),
            }
        }
        if let Some(waiting) = desk.offerings.pop_front() {
            let offered = waiting.offering.documents.iter();
            housework.changed(offered.map(|offered| offered.document.id));
            match committer.restore(&waiting.offering, SystemClock.now()) {
                Ok(restored) => drop(waiting.reply.send(restored)),
                Err(error) => report(&error),
            }
        }
        commit(committer, &mut housework, &mut desk, &mut tasks);
        moved.send_modify(|version| *version += 1);
    }
}

/// Waits for the next task, and puts a few documents at a time in order while there is none.
/// `None`: the server ends.
fn next(
    committer: &Committer,
    housework: &mut Housework,
    tasks: &mut mpsc::Receiver<Task>,
) -> Option<Task> {
    while !housework.is_idle() {
        match tasks.try_recv() {
            Ok(task) => return Some(task),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        if let Err(error) = housework.step(committer.database(), SystemClock.now()) {
            tracing::error!(%error, "documents could not be put in order");
            break;
        }
    }
    tasks.blocking_recv()
}

/// Commits one batch of what waits.
fn commit(
    committer: &mut Committer,
    housework: &mut Housework,
    desk: &mut Desk,
    tasks: &mut mpsc::Receiver<Task>,
) {
    let (batch, slices) = desk.batch();
    if !batch.is_empty() {
        housework.changed(batch.iter().map(|one| one.item.document.id));
        match committer.commit(&batch, SystemClock.now()) {
            Ok(settled) => {
                let mut settled = settled.into_iter();
                for (place, count) in slices {
                    if let Some(push) = desk.pushes.get_mut(place) {
                        push.settled.extend(settled.by_ref().take(count));
                    }
                }
            }
            Err(error) => {
                report(&error);
                // Dropping the replies tells the sessions that nothing is settled. All of them: what
                // a tablet pushed next builds on what it pushed before.
                desk.pushes.clear();
                while let Ok(task) = tasks.try_recv() {
                    if let Task::Deeds(_) | Task::HandOver(_) | Task::Offering(_) = task {
                        desk.put(task);
                    }
                }
                return;
            }
        }
    }
    let waiting = std::mem::take(&mut desk.pushes);
    for push in waiting {
        if push.items.is_empty() {
            // A session that is gone gets its answer when its tablet sends again.
            drop(push.reply.send(push.settled));
        } else {
            desk.pushes.push_back(push);
        }
    }
}

fn report(error: &DatabaseError) {
    tracing::error!(%error, "changes could not be stored; the tablets keep them and send again");
}

#[cfg(test)]
mod tests {
    use floorbook_shared::document::{DocumentKey, DocumentKind};
    use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId};

    use super::*;

    /// A push of a device with so many changes, each of a command of its own.
    fn push(device: u8, changes: u64) -> Task {
        let person = PersonId::from_bytes([1; 16]);
        let item = |device_seq: u64| OpenedItem {
            device_seq,
            group: GroupId::from_bytes([device_seq as u8; 16]),
            person,
            document: DocumentKey {
                id: DocumentId::from_bytes([1; 16]),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            feed: FeedId::from_bytes([1; 16]),
            change: Vec::new(),
        };
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned();
        Task::Push {
            device: DeviceId::from_bytes([device; 16]),
            told: Arc::default(),
            items: (0..changes).map(item).collect(),
            reply: oneshot::channel().0,
            room: room.unwrap(),
        }
    }

    fn devices(batch: &[Submission]) -> Vec<u8> {
        let devices = batch.iter().map(|one| one.device.as_bytes()[0]);
        let mut devices: Vec<u8> = devices.collect();
        devices.dedup();
        devices
    }

    #[test]
    fn a_single_edit_does_not_wait_behind_weeks_of_work() {
        let mut desk = Desk::default();
        desk.put(push(1, 500));
        desk.put(push(2, 1));
        let (batch, slices) = desk.batch();
        assert_eq!(devices(&batch), [1, 2, 1]);
        assert_eq!(
            batch.len(),
            BATCH_MAX_CHANGES.next_multiple_of(SLICE_CHANGES) + 1
        );
        assert_eq!(slices[..2], [(0, SLICE_CHANGES), (1, 1)]);
    }

    #[test]
    fn what_a_device_pushed_later_waits_for_what_it_pushed_before() {
        let mut desk = Desk::default();
        desk.put(push(1, 20));
        desk.put(push(1, 20));
        let (batch, _) = desk.batch();
        let order: Vec<u64> = batch.iter().map(|one| one.item.device_seq).collect();
        let expected: Vec<u64> = (0..20).chain(0..20).collect();
        assert_eq!(order, expected);
    }

    #[test]
    fn the_changes_of_one_command_stay_together() {
        let mut desk = Desk::default();
        desk.put(push(1, 40));
        if let Some(push) = desk.pushes.front_mut() {
            for item in push.items.iter_mut().skip(SLICE_CHANGES - 1).take(3) {
                item.group = GroupId::from_bytes([99; 16]);
            }
        }
        let (_, slices) = desk.batch();
        assert_eq!(slices.first(), Some(&(0, SLICE_CHANGES + 2)));
    }
}
