//! A cable between one tablet and the server that can be pulled while the others stay connected.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::loopback::refuse_own;

/// A port of its own that leads to the server until it is pulled.
pub struct Cable {
    address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    is_pulled: bool,
    open: Vec<TcpStream>,
}

impl Cable {
    /// A cable to a server's address.
    ///
    /// # Panics
    /// If there is no free port.
    pub fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let inside = Arc::new(Mutex::new(Inside::default()));
        let (target, shared) = (server.to_owned(), Arc::clone(&inside));
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                // What can't be led on is closed, as if nobody listened.
                let _closed = lead(near, &target, &shared);
            }
        });
        Self { address, inside }
    }

    /// The address that a browser opens, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends all connections and lets no other one through.
    pub fn pull(&self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.is_pulled = true;
        for stream in inside.open.drain(..) {
            // It may have ended by itself.
            let _ended = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets connections through again.
    pub fn plug_in(&self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.is_pulled = false;
    }
}

fn lead(near: TcpStream, target: &str, shared: &Mutex<Inside>) -> io::Result<()> {
    let far = TcpStream::connect(target)?;
    refuse_own(far.local_addr(), far.peer_addr())?;
    {
        let mut inside = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.is_pulled {
            return Ok(());
        }
        inside.open.push(near.try_clone()?);
        inside.open.push(far.try_clone()?);
    }
    pass_on(near.try_clone()?, far.try_clone()?);
    pass_on(far, near);
    Ok(())
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count) = from.read(&mut buffer) {
            let read = buffer.get(..count).unwrap_or_default();
            if read.is_empty() || to.write_all(read).is_err() {
                break;
            }
        }
        // Both may have ended already.
        let _ended = (to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulled_cable_ends_what_runs_and_lets_nothing_through_until_it_is_plugged_in() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap().to_string();
        thread::spawn(move || {
            for mut stream in server.incoming().flatten() {
                thread::spawn(move || {
                    let mut byte = [0];
                    while stream.read_exact(&mut byte).is_ok() && stream.write_all(&byte).is_ok() {}
                });
            }
        });
        let cable = Cable::to(&address);
        let echo = |stream: &mut TcpStream| {
            let mut byte = [0];
            stream
                .write_all(b"x")
                .and_then(|()| stream.read_exact(&mut byte))
        };
        let mut first = TcpStream::connect(cable.address).unwrap();
        echo(&mut first).unwrap();
        cable.pull();
        assert!(echo(&mut first).is_err());
        let mut second = TcpStream::connect(cable.address).unwrap();
        assert!(echo(&mut second).is_err());
        cable.plug_in();
        let mut third = TcpStream::connect(cable.address).unwrap();
        echo(&mut third).unwrap();
    }
}
