//! What the system is told about a connection.

use std::{io, time::Duration};

use tokio::net::TcpStream;

/// Cuts a connection off whose other side has taken nothing of what was sent for so long, be it that nothing comes back or
/// that it has no room (RFC 5482, RFC 9293 §3.8.6.1). Every byte that it takes begins the time anew, which only the
/// system can see: a program learns of room in large steps.
///
/// # Errors
/// When the system does not take it.
#[cfg(target_os = "linux")]
pub fn cut_off_after(stream: &TcpStream, time: Duration) -> io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(time))
}

/// On this system it does nothing.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn cut_off_after(_: &TcpStream, _: Duration) -> io::Result<()> {
    Ok(())
}
