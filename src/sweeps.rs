//! Background work: on every tick each slice's predicates are asked, and what is due is done. Units of work take their
//! turns in one loop; each errand has a loop of its own, because what it waits for lies outside: a mail server that says
//! nothing must not keep anybody from being reminded in time.

use crate::app::{App, Tx};
use crate::slices::{Run, Sweep};
use std::time::Duration;
use tokio::task::JoinSet;

/// How often the predicates are asked. Reminders and letters are minutes' business, so this is soon enough.
const TICK: Duration = Duration::from_secs(2);
/// A sweep that still finds work after this many rounds waits for the next tick, so that no slice starves another.
const ROUNDS: usize = 50;
/// How long errands under way may take to end once we stop. What is cut was claimed, and its claim runs out.
const DRAIN: Duration = Duration::from_secs(6);

/// Runs until the program stops and what was begun has ended, or has been given long enough.
pub async fn forever(app: App) {
    run(app, TICK, DRAIN).await;
}

/// The same with a tick and an end of the caller's choosing.
pub async fn run(app: App, tick: Duration, drain: Duration) {
    let mut loops = JoinSet::new();
    let (errands, units): (Vec<_>, Vec<_>) =
        app.slices.iter().flat_map(|s| s.sweeps).partition(|sweep| matches!(sweep.run, Run::Errand(_)));
    loops.spawn(turns(app.clone(), units, tick));
    for errand in errands {
        loops.spawn(turns(app.clone(), vec![errand], tick));
    }
    let mut stop = app.stopping.subscribe();
    let _ = stop.wait_for(|stopping| *stopping).await;
    let ended = async { while loops.join_next().await.is_some() {} };
    if tokio::time::timeout(drain, ended).await.is_err() {
        tracing::warn!("an errand did not end within {drain:?} and was cut; what it had claimed is taken up again later");
    }
}

/// Lets these sweeps take turns until the program stops. Whatever is being done when that happens is done to its end.
async fn turns(app: App, sweeps: Vec<&'static Sweep>, every: Duration) {
    let mut stop = app.stopping.subscribe();
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stopping| *stopping) => return,
            _ = tick.tick() => {}
        }
        turn(&app, &sweeps).await;
    }
}

/// Lets each of these that has something to do have its turn, one after the other; returns how much they did.
async fn turn(app: &App, sweeps: &[&'static Sweep]) -> usize {
    let mut done = 0;
    for sweep in due(app, sweeps).await {
        done += one(app, sweep).await;
    }
    done
}

/// Those that have something to do, all asked in one unit of work: an idle place asks this every few seconds, on a server
/// that may be far away. Where the answer of one is an error, none of the others may be the worse for it: then all are
/// named, and each is asked once more when its turn comes.
async fn due(app: &App, sweeps: &[&'static Sweep]) -> Vec<&'static Sweep> {
    let asked = sweeps.to_vec();
    let due = move |tx: &mut Tx| {
        let mut due = Vec::new();
        for sweep in &asked {
            if (sweep.due)(tx)? {
                due.push(*sweep);
            }
        }
        Ok(due)
    };
    app.read(due).await.unwrap_or_else(|_| sweeps.to_vec())
}

/// Does everything that is due now, one after the other; returns how much that was. For stories, which want an order.
#[cfg(test)]
pub async fn once(app: &App) -> usize {
    turn(app, &app.slices.iter().flat_map(|s| s.sweeps).collect::<Vec<_>>()).await
}

/// One sweep's turn; returns how much it did. One that fails is logged and does not stop the others.
async fn one(app: &App, sweep: &'static Sweep) -> usize {
    match rounds(app, sweep).await {
        Ok(done) => done,
        Err(e) => {
            tracing::error!(sweep = sweep.name, "a sweep failed: {e}");
            #[cfg(test)]
            println!("the sweep “{}” failed: {e}", sweep.name);
            0
        }
    }
}

async fn rounds(app: &App, sweep: &'static Sweep) -> crate::error::Result<usize> {
    let mut done = 0;
    for _ in 0..ROUNDS {
        if *app.stopping.borrow() || !app.read(sweep.due).await? {
            break;
        }
        let n = match sweep.run {
            Run::Unit(run) => app.write(run).await?,
            Run::Errand(run) => run(app.clone()).await?,
        };
        done += n;
        if n == 0 {
            break;
        }
    }
    Ok(done)
}
