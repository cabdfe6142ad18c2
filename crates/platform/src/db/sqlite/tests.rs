use std::{sync::mpsc, time::Duration};

use auditlog::NewEntry;
use futures_util::future::LocalBoxFuture;

use super::*;
use crate::db::{
    Db, Location,
    session::Tx,
    unit::{GroupEnd, Verdict},
};

/// Nothing is recorded here.
struct NoLog;

impl GroupEnd for NoLog {
    fn append<'a>(&'a mut self, _: &'a mut Tx, _: Vec<NewEntry>) -> LocalBoxFuture<'a, DbResult<()>> {
        Box::pin(async { Ok(()) })
    }
    fn committed(&mut self) {}
    fn rolled_back(&mut self) {}
}

/// A unit that holds a handle on the database, as all of the program's do, runs once it is let, and tells when it and its
/// handle are gone.
struct Holds {
    handle: Option<Db>,
    let_run: mpsc::Receiver<()>,
    gone: mpsc::Sender<()>,
}

impl Unit for Holds {
    fn attempt<'a>(&'a mut self, _: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
        let _ = self.let_run.recv();
        Box::pin(async { Verdict::CommitUnrecorded })
    }

    fn settle(self: Box<Self>, _: DbResult<()>) {
        drop(self.handle);
        let _ = self.gone.send(());
    }
}

#[test]
fn the_last_handle_may_go_with_a_unit() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::Sqlite {
        path: folder.path().join("test.db"),
        readers: 1,
    };
    open_for_migration(&folder.path().join("test.db")).expect("a database");
    let recording = Recording {
        inbox: |_| unreachable!("on PostgreSQL"),
        group_end: Box::new(NoLog),
    };
    let db = Db::open(&location, recording).expect("open");
    let ((let_it, let_run), (tell, gone)) = (mpsc::channel(), mpsc::channel());
    let unit = Holds {
        handle: Some(db.clone()),
        let_run,
        gone: tell,
    };
    db.write(Box::new(unit));
    drop(db);
    let_it.send(()).expect("it waits");
    assert_eq!(gone.recv_timeout(Duration::from_secs(30)), Ok(()));
}
