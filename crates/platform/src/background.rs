//! Threads for work that nobody waits for.

use std::{io, thread};

/// The least share of the processor that Linux gives: what a thread gets when another wants it, too.
#[cfg(target_os = "linux")]
const LEAST: i32 = 19;

/// Runs `work` on a thread of its own, which leaves the processor to whoever else wants it.
///
/// # Errors
/// When no thread can be started.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let run = move || {
        // Elsewhere than on Linux this would concern all threads. Less priority may always be asked for.
        #[cfg(target_os = "linux")]
        let _ = rustix::process::nice(LEAST);
        work();
    };
    thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn it_steps_back_alone() {
        let niceness = || rustix::process::nice(0).expect("a number");
        let before = niceness();
        let (answer, answered) = std::sync::mpsc::channel();
        spawn("behind", move || {
            answer.send(niceness()).expect("the test listens")
        })
        .expect("a thread");
        assert_eq!(answered.recv(), Ok(LEAST));
        assert_eq!(niceness(), before);
    }
}
