//! A tablet that lives: a task that carries out what the engine wants of the network, keeps its
//! timer, and takes requests from outside.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use floorbook_server::clock::{Clock, SystemClock};
use floorbook_shared::device::engine::Input;
use floorbook_shared::device::message::{Notice, Request, RequestId, Status};
use floorbook_shared::sync::connection::SocketAction;
use floorbook_shared::time::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, yield_now};

use super::sign_in::{Session, pin};
use super::socket::Socket;
use super::tablet::{Effect, Tablet};
use crate::tablet_storage::TabletStorage;

/// Longest time that the timer waits.
const TIMER_MAX_MILLIS: i64 = 3_600_000;

/// Where a tablet stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Whether everything is at the store and everything from the store is here.
    pub is_in_sync: bool,
    /// Whether its socket is open.
    pub is_connected: bool,
    /// What it told its screen last.
    pub status: Status,
}

type Look<S> = Box<dyn FnOnce(&mut Tablet<S>) + Send>;

enum Order<S> {
    Request(Box<Request>),
    Network(bool),
    Session(Box<Session>),
    Look(Look<S>),
}

/// The way to a running tablet. It ends when this is dropped.
pub struct Headless<S> {
    orders: mpsc::UnboundedSender<Order<S>>,
    standing: watch::Receiver<Standing>,
    task: JoinHandle<()>,
}

/// What a tablet is started with.
pub struct Setup<S> {
    /// The tablet, switched off.
    pub tablet: Tablet<S>,
    /// Its session, if it has one.
    pub session: Option<Session>,
    /// Address (`127.0.0.1:8080`) of its socket, if that is not the session's server: a proxy.
    pub socket: Option<String>,
    /// Where notices go, if anyone wants them.
    pub notices: Option<mpsc::UnboundedSender<Notice>>,
}

impl<S: TabletStorage + 'static> Headless<S> {
    /// Starts a tablet without a network.
    pub fn start(setup: Setup<S>) -> Self {
        let (orders, waiting) = mpsc::unbounded_channel();
        let (standing, watched) = watch::channel(Standing::default());
        let runner = Runner {
            tablet: setup.tablet,
            session: setup.session,
            address: setup.socket,
            notices: setup.notices,
            standing,
            link: Link::None,
            has_network: false,
            looks: VecDeque::new(),
        };
        let task = tokio::spawn(runner.run(waiting));
        Self {
            orders,
            standing: watched,
            task,
        }
    }

    /// Ends it and waits until its storage is closed.
    pub async fn end(self) {
        drop(self.orders);
        // A task that has panicked has told so.
        let _ = self.task.await;
    }

    fn order(&self, order: Order<S>) {
        // A task that has panicked is told by the next wait.
        let _ = self.orders.send(order);
    }

    /// Asks something of the engine.
    pub fn request(&self, request: Request) {
        self.order(Order::Request(Box::new(request)));
    }

    /// Gives it a session: signs the person in on the tablet.
    pub fn sign_in(&self, session: Session) {
        self.order(Order::Session(Box::new(session)));
    }

    /// Gives it a network, and has it connect at once.
    pub fn connect(&self) {
        self.order(Order::Network(true));
    }

    /// Takes its network away.
    pub fn disconnect(&self) {
        self.order(Order::Network(false));
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Follows where it stands.
    pub fn watch(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Looks at the tablet when it is at rest: after everything that it was asked before.
    ///
    /// # Errors
    /// If the tablet's task has ended.
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Tablet<S>) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::Look(Box::new(move |tablet| {
            // Who asked may have given up.
            let _ = reply.send(look(tablet));
        })));
        answer.await.context("the tablet has ended")
    }

    /// Waits until the tablet stands so.
    ///
    /// # Errors
    /// If it does not within `limit`; says where it stands.
    pub async fn wait_until(
        &self,
        limit: Duration,
        what: &str,
        is_so: impl FnMut(&Standing) -> bool,
    ) -> Result<()> {
        let mut standing = self.standing.clone();
        let found = tokio::time::timeout(limit, standing.wait_for(is_so)).await;
        match found {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(anyhow!("the tablet has ended")),
            Err(_) => Err(anyhow!(
                "waited {} s in vain for {what}: {:?}",
                limit.as_secs(),
                self.standing()
            )),
        }
    }

    /// Waits until it is in sync.
    ///
    /// # Errors
    /// As [`Self::wait_until`].
    pub async fn wait_in_sync(&self, limit: Duration) -> Result<()> {
        self.wait_until(limit, "being in sync", |standing| standing.is_in_sync)
            .await
    }

    /// Waits until it has noticed that its socket is closed.
    ///
    /// # Errors
    /// As [`Self::wait_until`].
    pub async fn wait_disconnected(&self, limit: Duration) -> Result<()> {
        self.wait_until(limit, "the end of the connection", |standing| {
            !standing.is_connected
        })
        .await
    }
}

/// The answer to a command, if the notice is one.
pub fn answer_to(id: RequestId, notice: &Notice) -> Option<Result<()>> {
    if let Notice::Saved { id: saved, .. } = notice
        && *saved == id
    {
        return Some(Ok(()));
    }
    if let Notice::NotSaved {
        id: refused,
        code,
        detail,
    } = notice
        && *refused == id
    {
        return Some(Err(anyhow!("not saved: {code} {detail}")));
    }
    None
}

type Opening = Pin<Box<dyn Future<Output = Result<Socket>> + Send>>;

enum Link {
    None,
    Opening(Opening),
    Open(Socket),
}

enum Event {
    Opened(Result<Socket>),
    Message(Vec<u8>),
    Closed,
}

struct Runner<S> {
    tablet: Tablet<S>,
    session: Option<Session>,
    address: Option<String>,
    notices: Option<mpsc::UnboundedSender<Notice>>,
    standing: watch::Sender<Standing>,
    link: Link,
    has_network: bool,
    /// Looks that wait until the tablet is at rest.
    looks: VecDeque<Look<S>>,
}

impl<S: TabletStorage> Runner<S> {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order<S>>) {
        self.feed(Input::Start);
        self.unlock();
        loop {
            let wake = wait_for(self.tablet.device.wake_at());
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return,
                },
                event = next_event(&mut self.link) => self.hear(event),
                () = wake => self.feed(Input::Wake),
                // Gives way to the others first, as a browser does between two events.
                () = yield_now(), if !self.tablet.is_at_rest() => {
                    let effects = self.tablet.next_answer();
                    self.follow(effects);
                }
            }
            while self.tablet.is_at_rest()
                && let Some(look) = self.looks.pop_front()
            {
                look(&mut self.tablet);
            }
        }
    }

    /// Unlocks the tablet for whoever is signed in on it.
    fn unlock(&mut self) {
        if let Some(session) = &self.session {
            let unlock = Request::Unlock {
                person: session.identity.person,
                secret: pin(),
            };
            self.feed(Input::Request(unlock));
        }
    }

    fn obey(&mut self, order: Order<S>) {
        match order {
            Order::Request(request) => self.feed(Input::Request(*request)),
            Order::Session(session) => {
                let signed_in = session.signed_in.clone();
                self.session = Some(*session);
                match signed_in {
                    Some(signed_in) => {
                        let secret = pin();
                        self.feed(Input::Request(Request::SignIn { signed_in, secret }));
                    }
                    None => self.unlock(),
                }
            }
            Order::Network(true) => {
                self.has_network = true;
                self.feed(Input::Request(Request::ConnectNow));
            }
            Order::Network(false) => {
                self.has_network = false;
                self.link = Link::None;
                self.feed(Input::Disconnected);
            }
            Order::Look(look) => self.looks.push_back(look),
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Opened(Ok(socket)) => {
                self.link = Link::Open(socket);
                self.feed(Input::Connected);
            }
            Event::Message(bytes) => self.feed(Input::Received(bytes)),
            Event::Opened(Err(_)) | Event::Closed => {
                self.link = Link::None;
                self.feed(Input::Disconnected);
            }
        }
    }

    fn feed(&mut self, input: Input) {
        let effects = self.tablet.handle(input);
        self.follow(effects);
    }

    /// Does what the engine wants, and tells where the tablet stands now.
    fn follow(&mut self, effects: Vec<Effect>) {
        let mut is_refused = self.carry_out(effects);
        while is_refused {
            // Without a network a socket fails at once.
            let effects = self.tablet.handle(Input::Disconnected);
            is_refused = self.carry_out(effects);
        }
        let is_in_sync = self.tablet.device.is_in_sync();
        let is_connected = matches!(self.link, Link::Open(_));
        self.standing.send_if_modified(|standing| {
            let is_new = standing.is_in_sync != is_in_sync || standing.is_connected != is_connected;
            standing.is_in_sync = is_in_sync;
            standing.is_connected = is_connected;
            is_new
        });
    }

    /// Whether the engine wants a socket and can't have one.
    fn carry_out(&mut self, effects: Vec<Effect>) -> bool {
        let mut is_refused = false;
        for effect in effects {
            match effect {
                Effect::Socket(SocketAction::Open) => is_refused = !self.open(),
                Effect::Socket(SocketAction::Close) => self.link = Link::None,
                Effect::Send(bytes) => {
                    if let Link::Open(socket) = &self.link {
                        socket.send(bytes);
                    }
                }
                Effect::Notice(notice) => self.tell(*notice),
            }
        }
        is_refused
    }

    fn open(&mut self) -> bool {
        let session = self.session.as_ref().filter(|_| self.has_network);
        let Some(session) = session else {
            return false;
        };
        let server = &session.enrolment.server;
        let server = server.trim_start_matches("http://");
        let address = self.address.clone().unwrap_or_else(|| server.to_owned());
        let opening = Socket::open(address, session.enrolment.cookie.clone());
        self.link = Link::Opening(Box::pin(opening));
        true
    }

    fn tell(&self, notice: Notice) {
        if let Notice::Status { status } = &notice {
            let status = status.clone();
            self.standing
                .send_modify(|standing| standing.status = status);
        }
        if let Some(notices) = &self.notices {
            // Nobody may listen any more.
            let _ = notices.send(notice);
        }
    }
}

/// Waits until the engine wants to be woken.
async fn wait_for(at: Option<Timestamp>) {
    let Some(at) = at else {
        return std::future::pending().await;
    };
    let pause = at.as_millis() - SystemClock.now().as_millis();
    let pause = u64::try_from(pause.clamp(0, TIMER_MAX_MILLIS)).unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(pause)).await;
}

async fn next_event(link: &mut Link) -> Event {
    match link {
        Link::None => std::future::pending().await,
        Link::Opening(opening) => Event::Opened(opening.await),
        Link::Open(socket) => match socket.next().await {
            Some(bytes) => Event::Message(bytes),
            None => Event::Closed,
        },
    }
}
