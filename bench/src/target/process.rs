//! What Linux says of a process: processor time and memory, from `/proc`.

use std::{fs, ops::Sub, path::PathBuf, time::Duration};

use crate::failure::{Done, Failure};

/// Ticks of `/proc/PID/stat` a second (`USER_HZ`), which Linux fixes for programs.
const TICKS: u64 = 100;

/// A process, by its number.
#[derive(Clone)]
pub(crate) struct Process {
    folder: PathBuf,
}

/// Processor time of all threads of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CpuTime(pub(crate) Duration);

impl Sub for CpuTime {
    type Output = Duration;
    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Process {
    pub(super) fn new(id: u32) -> Self {
        Self {
            folder: PathBuf::from(format!("/proc/{id}")),
        }
    }

    /// Processor time so far, to a hundredth of a second.
    pub(crate) fn cpu(&self) -> Done<CpuTime> {
        let stat = self.read("stat")?;
        cpu_ticks(&stat)
            .map(|ticks| CpuTime(Duration::from_millis(ticks * 1000 / TICKS)))
            .ok_or_else(|| Failure::new("cannot read processor time"))
    }

    /// Processor time of each kind of thread, by the thread's name, most first.
    pub(crate) fn cpu_by_thread(&self) -> Vec<(String, Duration)> {
        let mut by_name = std::collections::BTreeMap::<String, Duration>::new();
        let threads = fs::read_dir(self.folder.join("task"))
            .into_iter()
            .flatten()
            .flatten();
        for stat in threads.filter_map(|thread| fs::read_to_string(thread.path().join("stat")).ok()) {
            let name = stat
                .split_once('(')
                .and_then(|(_, rest)| rest.rsplit_once(')'))
                .map(|(name, _)| name);
            if let Some((name, ticks)) = name.zip(cpu_ticks(&stat)) {
                *by_name.entry(name.to_owned()).or_default() += Duration::from_millis(ticks * 1000 / TICKS);
            }
        }
        let mut all: Vec<_> = by_name.into_iter().collect();
        all.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        all
    }

    /// Memory in use now, in bytes.
    pub(crate) fn memory(&self) -> Done<u64> {
        self.status("VmRSS:")
    }

    /// Most memory in use since the start, or since [`Process::forget_peak`], in bytes.
    pub(crate) fn peak_memory(&self) -> Done<u64> {
        self.status("VmHWM:")
    }

    /// Memory in use now by kind, in bytes: the process's own, and files it has mapped, which the system can take back.
    pub(crate) fn memory_by_kind(&self) -> Done<(u64, u64)> {
        Ok((self.status("RssAnon:")?, self.status("RssFile:")?))
    }

    /// Lets the peak start again from what is in use now (proc(5), `clear_refs`).
    pub(crate) fn forget_peak(&self) -> Done {
        fs::write(self.folder.join("clear_refs"), "5").map_err(Failure::of("cannot reset the memory peak"))
    }

    fn status(&self, key: &str) -> Done<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        let kibibytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        kibibytes
            .map(|kibibytes| kibibytes * 1024)
            .ok_or_else(|| Failure::new(format!("the system does not tell {key}")))
    }

    fn read(&self, file: &str) -> Done<String> {
        fs::read_to_string(self.folder.join(file)).map_err(Failure::of("the server's process is gone"))
    }
}

/// User and system time. The name, in brackets, may hold anything, blanks among it.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_behind_the_name_whatever_it_holds() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 1 1 1";
        assert_eq!(cpu_ticks(stat), Some(300));
    }

    #[test]
    fn our_own_process_has_memory_and_time() {
        let process = Process::new(std::process::id());
        let kept = vec![1_u8; 8 << 20];
        assert!(process.memory().unwrap() > kept.len() as u64);
        assert!(process.peak_memory().unwrap() >= process.memory().unwrap() / 2);
        assert!(process.cpu().is_ok() && !process.cpu_by_thread().is_empty());
    }
}
