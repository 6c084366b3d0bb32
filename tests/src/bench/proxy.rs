//! A proxy between tablets and server that counts what goes through it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::loopback::refuse_own;

const BUFFER_BYTES: usize = 64 * 1024;
/// How the head of an HTTP message ends.
const HEAD_END: &[u8] = b"\r\n\r\n";
/// Nothing is under way any more after this time without a byte.
const QUIET: Duration = Duration::from_millis(30);

/// What went through, everything above TCP.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    /// Bytes from tablets to the server, behind the opening of the WebSocket.
    pub up_bytes: u64,
    /// Bytes from the server to tablets, behind the opening of the WebSocket.
    pub down_bytes: u64,
    /// Bytes of the requests that open WebSockets.
    pub handshake_up_bytes: u64,
    /// Bytes of the answers to them.
    pub handshake_down_bytes: u64,
    /// How often the server spoke after a tablet had: each is one round trip. The opening of the
    /// WebSocket is one of its own and not counted.
    pub round_trips: u64,
}

#[derive(Default)]
struct Counter {
    traffic: Traffic,
    /// Whether the last byte went up.
    is_up: bool,
    last_byte: Option<Instant>,
}

/// The proxy; it ends with the runtime.
#[derive(Clone)]
pub struct Proxy {
    /// Where tablets connect to.
    pub address: String,
    counter: Arc<Mutex<Counter>>,
}

impl Proxy {
    /// Begins to listen, for a server at this address.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start(server: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let counter: Arc<Mutex<Counter>> = Arc::default();
        let counted = Arc::clone(&counter);
        tokio::spawn(async move {
            while let Ok((tablet, _)) = listener.accept().await {
                // A server that is gone is a closed connection for the tablet.
                if let Ok(upstream) = TcpStream::connect(&server).await
                    && refuse_own(upstream.local_addr(), upstream.peer_addr()).is_ok()
                {
                    join(tablet, upstream, &counted);
                }
            }
        });
        Ok(Self { address, counter })
    }

    /// Counts from nothing again.
    pub fn reset(&self) {
        *lock(&self.counter) = Counter::default();
    }

    /// What went through since the last reset.
    pub fn traffic(&self) -> Traffic {
        lock(&self.counter).traffic
    }

    /// Waits until nothing is under way any more, such as a last confirmation.
    pub async fn quiet(&self) -> Traffic {
        loop {
            let last_byte = lock(&self.counter).last_byte;
            if last_byte.is_none_or(|at| at.elapsed() >= QUIET) {
                return self.traffic();
            }
            tokio::time::sleep(QUIET / 4).await;
        }
    }
}

fn lock(counter: &Mutex<Counter>) -> std::sync::MutexGuard<'_, Counter> {
    counter.lock().unwrap_or_else(PoisonError::into_inner)
}

fn join(tablet: TcpStream, server: TcpStream, counter: &Arc<Mutex<Counter>>) {
    // Without it small messages would wait for acknowledgements of TCP.
    let _ = tablet.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (tablet_reads, tablet_writes) = tablet.into_split();
    let (server_reads, server_writes) = server.into_split();
    tokio::spawn(pass(tablet_reads, server_writes, true, Arc::clone(counter)));
    tokio::spawn(pass(
        server_reads,
        tablet_writes,
        false,
        Arc::clone(counter),
    ));
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    is_up: bool,
    counter: Arc<Mutex<Counter>>,
) {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut head = Head::default();
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let bytes = &buffer[..length];
        count(&counter, is_up, head.take(bytes), length);
        if to.write_all(bytes).await.is_err() {
            break;
        }
    }
    // The other side may have closed already.
    let _ = to.shutdown().await;
}

fn count(counter: &Mutex<Counter>, is_up: bool, of_head: usize, length: usize) {
    let mut counter = lock(counter);
    counter.last_byte = Some(Instant::now());
    let behind = length - of_head;
    let traffic = &mut counter.traffic;
    if is_up {
        traffic.handshake_up_bytes += of_head as u64;
        traffic.up_bytes += behind as u64;
    } else {
        traffic.handshake_down_bytes += of_head as u64;
        traffic.down_bytes += behind as u64;
    }
    if behind > 0 {
        if !is_up && counter.is_up {
            counter.traffic.round_trips += 1;
        }
        counter.is_up = is_up;
    }
}

/// Finds the end of the HTTP head of one direction.
#[derive(Default)]
struct Head {
    /// Bytes of the end that were seen last.
    matched: usize,
    is_over: bool,
}

impl Head {
    /// How many of these bytes belong to the head.
    fn take(&mut self, bytes: &[u8]) -> usize {
        if self.is_over {
            return 0;
        }
        for (position, byte) in bytes.iter().enumerate() {
            self.matched = match (HEAD_END[self.matched] == *byte, *byte) {
                (true, _) => self.matched + 1,
                (false, b'\r') => 1,
                (false, _) => 0,
            };
            if self.matched == HEAD_END.len() {
                self.is_over = true;
                return position + 1;
            }
        }
        bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_ends_where_it_ends_however_it_is_cut() {
        let text = b"GET / HTTP/1.1\r\nhost: x\r\n\r\nbehind\r\n\r\n";
        let expected = text.len() - b"behind\r\n\r\n".len();
        for cut in 0..text.len() {
            let (first, second) = text.split_at(cut);
            let mut head = Head::default();
            assert_eq!(
                head.take(first) + head.take(second),
                expected,
                "cut at {cut}"
            );
        }
    }
}
