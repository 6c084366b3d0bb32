//! One thread that commits for everyone: what waits while it works becomes one batch, one fsync.

use std::fmt;
use std::sync::Arc;
use std::thread;

use floorbook_shared::document::write::Writer;
use floorbook_shared::sync::message::PushItem;
use floorbook_shared::sync::server::{Peer, Settled};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot, watch};

use super::commit::{Committer, ServerDeed, Submission};
use super::compaction::Compactor;
use crate::clock::{Clock, SystemClock};
use crate::database::{Database, DatabaseError};

/// Pushes that may wait before senders have to.
const QUEUE_MAX_TASKS: usize = 256;
/// Changes that one transaction takes.
const BATCH_MAX_CHANGES: usize = 2_000;

/// How each of the server's own commands ended: whether it changed anything, or why not.
pub type DeedResults = Vec<Result<bool, String>>;

enum Task {
    Push {
        peer: Peer,
        items: Vec<PushItem>,
        reply: oneshot::Sender<Vec<Settled>>,
    },
    Deeds {
        deeds: Vec<ServerDeed>,
        writer: Writer,
        reply: oneshot::Sender<DeedResults>,
    },
}

/// The database could not write; what was submitted is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server can't store at the moment")]
pub struct NotStored;

/// The way to the committing thread.
#[derive(Clone)]
pub struct CommitQueue {
    thread: Arc<CommitThread>,
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
            moved,
        })
    }

    /// Judges and commits pushed changes; waits while the queue is full.
    pub async fn push(&self, peer: Peer, items: Vec<PushItem>) -> Result<Vec<Settled>, NotStored> {
        let (reply, answer) = oneshot::channel();
        self.thread.send(Task::Push { peer, items, reply }).await?;
        answer.await.map_err(|_| NotStored)
    }

    /// Runs commands of the server itself.
    pub async fn run(
        &self,
        deeds: Vec<ServerDeed>,
        writer: Writer,
    ) -> Result<DeedResults, NotStored> {
        let (reply, answer) = oneshot::channel();
        let task = Task::Deeds {
            deeds,
            writer,
            reply,
        };
        self.thread.send(task).await?;
        answer.await.map_err(|_| NotStored)
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

fn work(committer: &mut Committer, mut tasks: mpsc::Receiver<Task>, moved: &watch::Sender<u64>) {
    let mut waiting = None;
    let mut compactor = Compactor::default();
    while let Some(task) = waiting
        .take()
        .or_else(|| next(committer, &mut compactor, &mut tasks))
    {
        match task {
            Task::Deeds {
                deeds,
                writer,
                reply,
            } => {
                compactor.changed(deeds.iter().map(|deed| deed.place.key.id));
                match committer.run(&deeds, &writer, SystemClock.now()) {
                    Ok(results) => drop(reply.send(results)),
                    Err(error) => report(&error),
                }
            }
            Task::Push { peer, items, reply } => {
                let mut batch = Vec::new();
                let mut replies = Vec::new();
                let mut next = Some((peer, items, reply));
                while let Some((peer, items, reply)) = next.take() {
                    replies.push((items.len(), reply));
                    batch.extend(items.into_iter().map(|item| Submission { peer, item }));
                    if batch.len() >= BATCH_MAX_CHANGES {
                        break;
                    }
                    match tasks.try_recv() {
                        Ok(Task::Push { peer, items, reply }) => next = Some((peer, items, reply)),
                        Ok(other @ Task::Deeds { .. }) => waiting = Some(other),
                        Err(_) => {}
                    }
                }
                compactor.changed(batch.iter().map(|one| one.item.document.id));
                match committer.commit(&batch, SystemClock.now()) {
                    Ok(settled) => answer(settled, replies),
                    // Dropping the replies tells every session that nothing is settled.
                    Err(error) => report(&error),
                }
            }
        }
        moved.send_modify(|version| *version += 1);
    }
}

/// Waits for the next task, and compacts a few documents at a time while there is none. `None`: the
/// server ends.
fn next(
    committer: &Committer,
    compactor: &mut Compactor,
    tasks: &mut mpsc::Receiver<Task>,
) -> Option<Task> {
    while !compactor.is_idle() {
        match tasks.try_recv() {
            Ok(task) => return Some(task),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        if let Err(error) = compactor.step(committer.database(), SystemClock.now()) {
            tracing::error!(%error, "documents could not be compacted");
            break;
        }
    }
    tasks.blocking_recv()
}

fn answer(settled: Vec<Settled>, replies: Vec<(usize, oneshot::Sender<Vec<Settled>>)>) {
    let mut settled = settled.into_iter();
    for (count, reply) in replies {
        // A session that is gone gets its answer when its tablet sends again.
        drop(reply.send(settled.by_ref().take(count).collect()));
    }
}

fn report(error: &DatabaseError) {
    tracing::error!(%error, "changes could not be stored; the tablets keep them and send again");
}
