//! How many connections are open at a time: whoever opens them without end takes none of the others'
//! memory and files.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Connections that are open at a time, of everyone.
const CONNECTIONS_MAX: usize = 4_000;
/// Connections of one address: a store whose tablets all come from one has dozens.
const OF_ADDRESS_MAX: usize = 1_000;

/// The connections that are open.
#[derive(Debug)]
pub struct Connections {
    open: Mutex<BTreeMap<IpAddr, usize>>,
    all_max: usize,
    of_address_max: usize,
    /// Reverse proxies: behind them is everyone.
    proxies: Vec<IpAddr>,
}

impl Connections {
    /// None yet.
    pub fn new(proxies: &[IpAddr]) -> Arc<Self> {
        Self::within(CONNECTIONS_MAX, OF_ADDRESS_MAX, proxies)
    }

    fn within(all_max: usize, of_address_max: usize, proxies: &[IpAddr]) -> Arc<Self> {
        Arc::new(Self {
            open: Mutex::default(),
            all_max,
            of_address_max,
            proxies: proxies.iter().map(IpAddr::to_canonical).collect(),
        })
    }

    /// Takes a connection in, if there is room for it.
    fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let of_address = open.get(&address).copied().unwrap_or(0);
        let is_full = of_address >= self.of_address_max && !self.proxies.contains(&address);
        if all >= self.all_max || is_full {
            return None;
        }
        open.insert(address, of_address + 1);
        let connections = Arc::clone(self);
        Some(Place {
            connections,
            address,
        })
    }
}

/// The place of an open connection, which is free again when it is dropped.
#[derive(Debug)]
struct Place {
    connections: Arc<Connections>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let open = &self.connections.open;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Accepts connections while there is room for them, and hangs up on the others.
#[derive(Clone, Debug)]
pub struct CountingAcceptor<A> {
    inner: A,
    connections: Arc<Connections>,
}

impl<A> CountingAcceptor<A> {
    /// In front of another acceptor.
    pub const fn new(inner: A, connections: Arc<Connections>) -> Self {
        Self { inner, connections }
    }
}

impl<A, S> Accept<TcpStream, S> for CountingAcceptor<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
{
    type Stream = Counted<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let peer = stream.peer_addr();
        let place = peer.map(|peer: SocketAddr| self.connections.enter(peer.ip()));
        let accepting = self.inner.accept(stream, service);
        Box::pin(async move {
            let full = || io::Error::other("too many connections are open");
            let place = place?.ok_or_else(full)?;
            let (stream, service) = accepting.await?;
            Ok((
                Counted {
                    stream,
                    _place: place,
                },
                service,
            ))
        })
    }
}

/// A connection that is counted while it is open.
#[derive(Debug)]
pub struct Counted<S> {
    stream: S,
    _place: Place,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum_server::accept::DefaultAcceptor;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn one_address_leaves_room_for_others_and_a_proxy_is_everyone() {
        let address = |last| IpAddr::from([10, 0, 0, last]);
        let connections = Connections::within(5, 2, &[address(9)]);
        let enter = |last| connections.enter(address(last));
        let mine = [enter(1), enter(1)];
        assert!(mine.iter().all(Option::is_some));
        assert!(enter(1).is_none());
        let others = [enter(9), enter(9), enter(9)];
        assert!(others.iter().all(Option::is_some));
        assert!(enter(2).is_none(), "there is room for five");
        drop(mine);
        assert!(enter(2).is_some());
        drop(others);
        assert!(connections.open.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn beyond_the_limit_a_connection_is_hung_up_on_and_the_others_stay() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Connections::within(1, 1, &[]);
        let acceptor = CountingAcceptor::new(DefaultAcceptor::new(), connections);
        let mut clients = Vec::new();
        let mut accepted = Vec::new();
        for _ in 0..2 {
            clients.push(TcpStream::connect(address).await.unwrap());
            let (stream, _) = listener.accept().await.unwrap();
            accepted.push(acceptor.accept(stream, ()).await);
        }
        assert!(accepted[0].is_ok() && accepted[1].is_err());
        assert_eq!(clients[1].read(&mut [0; 8]).await.unwrap(), 0, "hung up");
        accepted.clear();
        clients.push(TcpStream::connect(address).await.unwrap());
        let (stream, _) = listener.accept().await.unwrap();
        assert!(acceptor.accept(stream, ()).await.is_ok(), "there is room");
    }
}
