//! Connections within one machine.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

/// Refuses a connection that has met itself.
///
/// The system draws the port from which a connection goes out. Drawn among the ports of a server that
/// is not there yet, it may be the very one that is asked for: then the connection is open at once,
/// reads what it writes, and keeps the server from its port.
///
/// # Errors
/// If it is so.
pub fn refuse_own(local: Result<SocketAddr>, peer: Result<SocketAddr>) -> Result<()> {
    if local? == peer? {
        return Err(Error::from(ErrorKind::ConnectionRefused));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_connection_that_has_met_itself_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let stream = std::net::TcpStream::connect(here).unwrap();
        refuse_own(stream.local_addr(), stream.peer_addr()).unwrap();
        let refused = refuse_own(stream.peer_addr(), Ok(here)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
}
