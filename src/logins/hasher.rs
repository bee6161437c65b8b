//! Hashing passwords on two threads of their own.
//!
//! A hash takes 19 MiB for some tens of milliseconds. On the threads that serve requests, a few hundred sign-ins at
//! once would take gigabytes; here the memory is two threads' and no more, and whoever comes while sixty-four wait is
//! told to come back in a moment. The threads begin with the first password, so a place without passwords has none.

use crate::error::{Error, RefusalKind, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use data_encoding::BASE64_NOPAD;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const LENGTH: usize = 32;
const THREADS: usize = 2;
const WAITING: usize = 64;

/// What a wrong address is verified against, so that it takes as long as a wrong password: the hash of bytes that were
/// thrown away.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Y2hpcm9uLW5vYm9keS4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct Job {
    password: String,
    salt: Vec<u8>,
    reply: oneshot::Sender<Option<[u8; LENGTH]>>,
}

/// Kept in the application's memory; the threads end with it.
#[derive(Default)]
pub struct Hasher {
    jobs: OnceLock<SyncSender<Job>>,
    /// Hashes asked for so far: what a sign-in costs.
    asked: Arc<AtomicU64>,
    /// The threads hash nothing before so many were asked for: zero, but for a test of a flood.
    gate: Arc<AtomicU64>,
}

impl Hasher {
    #[cfg(test)]
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Nothing is hashed before so many more were asked for, so that they are a flood on a machine of any speed.
    #[cfg(test)]
    pub fn waits_for(&self, more: u64) {
        self.gate.store(self.asked() + more, Ordering::Relaxed);
    }

    /// A new hash of a password as a PHC string, with a salt of sixteen bytes.
    pub async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String> {
        let hash = self.run(password, salt.to_vec()).await?;
        let (salt, hash) = (BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(&hash));
        Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
    }

    /// Whether the password is the one that was hashed. Without a hash it takes the same time and is never right.
    pub async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool> {
        let (salt, expected) = read(kept.unwrap_or(NOBODY)).ok_or_else(|| Error::broken("a password hash that cannot be read"))?;
        let hash = self.run(password, salt).await?;
        // All bytes are compared, however early they differ.
        let differs = hash.iter().zip(&expected).fold(hash.len() ^ expected.len(), |d, (a, b)| d | usize::from(a ^ b));
        Ok(kept.is_some() && differs == 0)
    }

    async fn run(&self, password: &str, salt: Vec<u8>) -> Result<[u8; LENGTH]> {
        let (reply, answer) = oneshot::channel();
        let job = Job { password: password.to_owned(), salt, reply };
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.jobs.get_or_init(|| self.begin()).try_send(job) {
            Ok(()) => answer.await.ok().flatten().ok_or_else(|| Error::broken("a password could not be hashed")),
            Err(TrySendError::Full(_)) => Err(Error::refused(
                "busy",
                RefusalKind::Busy,
                "Many people are signing in with a password just now. Please try again in a few seconds, or use a link by mail.".into(),
            )),
            Err(TrySendError::Disconnected(_)) => Err(Error::broken("the threads that hash passwords have ended")),
        }
    }

    fn begin(&self) -> SyncSender<Job> {
        let (jobs, queue) = sync_channel(WAITING);
        let queue = Arc::new(Mutex::new(queue));
        for n in 0..THREADS {
            let (queue, asked, gate) = (queue.clone(), self.asked.clone(), self.gate.clone());
            let opens = move || asked.load(Ordering::Relaxed) >= gate.load(Ordering::Relaxed);
            let thread = std::thread::Builder::new().name(format!("hasher-{n}"));
            if let Err(e) = thread.spawn(move || work(&queue, opens)) {
                tracing::error!("a thread for passwords did not start: {e}");
            }
        }
        jobs
    }
}

fn work(queue: &Mutex<Receiver<Job>>, opens: impl Fn() -> bool) {
    let Ok(params) = Params::new(MEMORY_KIB, PASSES, LANES, Some(LENGTH)) else { return };
    // The thread's own, for as long as it lives: nothing is asked of the allocator at each sign-in.
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        while !opens() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut out = [0; LENGTH];
        let done = argon2.hash_password_into_with_memory(job.password.as_bytes(), &job.salt, &mut out, &mut memory);
        // Whoever asked may have gone; then nobody needs the answer.
        let _ = job.reply.send(done.ok().map(|()| out));
    }
}

/// Salt and hash of a PHC string of ours.
fn read(phc: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let rest = phc.strip_prefix(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))?;
    let (salt, hash) = rest.split_once('$')?;
    Some((BASE64_NOPAD.decode(salt.as_bytes()).ok()?, BASE64_NOPAD.decode(hash.as_bytes()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs<T>(what: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(what)
    }

    #[test]
    fn a_password_is_right_whole_and_only_whole() {
        runs(async {
            let hasher = Hasher::default();
            // A hash that looks only at the first 72 bytes would take both.
            let (long, other) = (format!("{}x", "A".repeat(72)), format!("{}y", "A".repeat(72)));
            let kept = hasher.hash(&long, [3; 16]).await.unwrap();
            assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
            assert!(hasher.verify(&long, Some(&kept)).await.unwrap());
            assert!(!hasher.verify(&other, Some(&kept)).await.unwrap());
            assert!(!hasher.verify(&long, None).await.unwrap());
        });
    }

    #[test]
    fn more_than_the_queue_holds_are_told_to_come_back() {
        runs(async {
            let hasher = Hasher::default();
            hasher.waits_for((WAITING + THREADS + 20) as u64);
            let all = futures_util::future::join_all((0..WAITING + THREADS + 20).map(|_| hasher.verify("a password", None))).await;
            let busy = all.iter().filter(|r| matches!(r, Err(Error::Refused(r)) if r.kind == RefusalKind::Busy)).count();
            let done = all.iter().filter(|r| matches!(r, Ok(false))).count();
            assert!(busy >= 20, "{busy} were told to come back");
            assert!(done >= WAITING, "{done} were done");
        });
    }
}
