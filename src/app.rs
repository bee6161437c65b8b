//! The application as the edges see it: the database, the clock, chance, the keys. Units of work are plain closures.

use crate::config::Config;
use crate::error::{Error, Result};
use crate::live::{Live, Touched};
use crate::seal::Seal;
use crate::slices::Slice;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Access, Db, Timestamp, sql};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use uuid::Uuid;

/// Where the time comes from. Tests move theirs.
pub enum Clock {
    Real,
    Set(AtomicI64),
    /// Real, but may stand still in the past while a history is told. Zero: it runs.
    Telling(AtomicI64),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Real => jiff::Timestamp::now().into(),
            Self::Set(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
            Self::Telling(micros) => match micros.load(Ordering::SeqCst) {
                0 => jiff::Timestamp::now().into(),
                then => Timestamp::from_micros(then),
            },
        }
    }

    /// A real clock that a history can be told with.
    pub fn telling() -> Self {
        Self::Telling(AtomicI64::new(0))
    }
    /// Makes the clock show another time: a story's clock runs on from there, a telling clock stands still.
    pub fn show(&self, then: Timestamp) {
        match self {
            Self::Real => {}
            Self::Set(micros) | Self::Telling(micros) => micros.store(then.as_micros(), Ordering::SeqCst),
        }
    }
    /// Back from a history that was told to `now`, which a telling clock knows by itself.
    pub fn show_now(&self, now: Timestamp) {
        match self {
            Self::Telling(micros) => micros.store(0, Ordering::SeqCst),
            other => other.show(now),
        }
    }
}

/// Where ids, tokens and keys come from: the operating system, or a seed in tests.
pub struct Chance(Mutex<ChaCha20Rng>);

impl Chance {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system for chance")]
    pub fn system() -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| Error::broken(e.to_string()))?;
        Ok(Self::seeded(seed))
    }
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
    /// A UUID of version 7: its first 48 bits are milliseconds, so ids sort by when they were made.
    pub fn id(&self, now: Timestamp) -> Uuid {
        let millis = (now.as_micros().max(0) / 1000) as u64;
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid()
    }
    /// 256 bits as 52 letters and digits, for links and cookies.
    pub fn token(&self) -> String {
        data_encoding::BASE32_NOPAD.encode(&self.bytes::<32>()).to_lowercase()
    }
}

/// What everybody may know of this place: its name and whether it has been set up.
#[derive(Debug, Clone, Default)]
pub struct Place {
    pub name: String,
    pub set_up: bool,
}

pub struct Inner {
    pub db: Db,
    pub config: Config,
    pub clock: Clock,
    pub chance: Chance,
    pub seal: Seal,
    pub live: Live,
    /// Turns true once, when the program begins to stop: open streams end, and nothing new is begun.
    pub stopping: tokio::sync::watch::Sender<bool>,
    pub slices: &'static [&'static Slice],
    place: RwLock<Arc<Place>>,
    /// Things that a slice keeps in memory beside the database, such as the directory's index: one value a type.
    memory: RwLock<std::collections::HashMap<std::any::TypeId, Arc<dyn std::any::Any + Send + Sync>>>,
}

impl Inner {
    /// A value that a slice keeps in memory, made on first use.
    pub fn memory<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let key = std::any::TypeId::of::<T>();
        let found = self.memory.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).cloned();
        let value = found.unwrap_or_else(|| {
            let mut all = self.memory.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            all.entry(key).or_insert_with(|| Arc::new(T::default())).clone()
        });
        value.downcast::<T>().unwrap_or_default()
    }
}

#[derive(Clone)]
pub struct App(Arc<Inner>);

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// One thing that happened, as the log keeps it.
#[derive(Debug, Clone)]
pub struct Happening {
    /// Noun and verb, such as `ask accepted`.
    pub kind: &'static str,
    pub subject: Uuid,
    pub by: Option<PersonId>,
    /// Whose pages change: live pages listen for these.
    pub people: Vec<PersonId>,
}

impl Happening {
    pub fn of(kind: &'static str, subject: impl Into<Uuid>) -> Self {
        Self { kind, subject: subject.into(), by: None, people: Vec::new() }
    }
    #[must_use]
    pub fn by(mut self, viewer: &Viewer) -> Self {
        self.by = Some(viewer.person);
        self
    }
    #[must_use]
    pub fn touching(mut self, people: impl IntoIterator<Item = PersonId>) -> Self {
        self.people.extend(people);
        self
    }
}

/// What a unit of work sees: the database, this moment, chance and the keys.
pub struct Tx<'a, 'db> {
    store: &'a mut chiron_store::Tx<'db>,
    app: &'a Inner,
    now: Timestamp,
    effects: Effects,
    keys: crate::seal::Taken,
}

/// What a unit of work brings about outside the database, once it is durable.
#[derive(Default)]
struct Effects {
    /// With where each stands in the log.
    happened: Vec<(i64, Happening)>,
    /// Whose pages change without anything to log, and which topic of them.
    woken: Vec<Touched>,
    /// The place, when it was changed.
    place: Option<Place>,
}

impl<'db> Deref for Tx<'_, 'db> {
    type Target = chiron_store::Tx<'db>;
    fn deref(&self) -> &Self::Target {
        self.store
    }
}
impl DerefMut for Tx<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.store
    }
}

impl Tx<'_, '_> {
    /// The moment at which this unit of work began; the same from its first line to its last.
    pub fn now(&self) -> Timestamp {
        self.now
    }
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.app.chance.id(self.now).into()
    }
    pub fn token(&self) -> String {
        self.app.chance.token()
    }
    pub fn chance(&self) -> &Chance {
        &self.app.chance
    }
    pub fn seal(&self) -> &Seal {
        &self.app.seal
    }
    /// The keys that this unit knows.
    pub fn keys(&mut self) -> &mut crate::seal::Taken {
        &mut self.keys
    }
    pub fn config(&self) -> &Config {
        &self.app.config
    }
    pub fn slices(&self) -> &'static [&'static Slice] {
        self.app.slices
    }
    /// As `App::memory`: to read from. A unit of work may run again, so it changes nothing there.
    pub fn memory<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.app.memory()
    }
    /// The name of this place, as everybody knows it.
    pub fn place_name(&self) -> String {
        self.app.place.read().unwrap_or_else(std::sync::PoisonError::into_inner).name.clone()
    }

    /// Writes a line into the append-only log, in the same transaction as the change, and lets the other slices
    /// react before it commits. It is the audit trail, the source of live pages and of everything that follows along.
    pub fn record(&mut self, happening: Happening) -> Result<()> {
        debug_assert!(
            self.app.slices.iter().any(|s| s.happenings.contains(&happening.kind)),
            "no slice declares the happening “{}”",
            happening.kind
        );
        let (now, people) = (self.now, serde_json::to_string(&happening.people)?);
        let (position,): (i64,) = self.one(
            sql!("insert into happenings (at, kind, subject, by_person, people) values ($1, $2, $3, $4, $5) returning position"),
            &[&now, &happening.kind, &happening.subject, &happening.by, &people],
        )?;
        for reaction in self.app.slices.iter().flat_map(|s| s.reactions).filter(|r| r.on == happening.kind) {
            (reaction.run)(self, &happening)?;
        }
        self.effects.happened.push((position, happening));
        Ok(())
    }

    /// Wakes the open pages of someone about a topic once this unit is durable, with nothing to log.
    pub fn wake(&mut self, person: PersonId, topic: &'static str) {
        self.effects.woken.push(Touched { person, topic });
    }
    pub fn live(&self) -> &Live {
        &self.app.live
    }

    /// A setting of this place, chosen on the instance desk.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>> {
        let row: Option<(String,)> = self.opt(sql!("select value from settings where name = $1"), &[&name])?;
        Ok(row.map(|r| r.0))
    }
    fn place(&mut self) -> Result<Place> {
        let name = self.setting("place name")?.unwrap_or_else(|| "Chiron".into());
        Ok(Place { name, set_up: self.setting("set up at")?.is_some() })
    }
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        self.execute(
            sql!("insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value"),
            &[&name, &value],
        )?;
        Ok(())
    }
}

/// Whose open pages a happening concerns.
fn touched<'a>(slices: &'static [&'static Slice], happened: &'a [(i64, Happening)]) -> impl Iterator<Item = Touched> + 'a {
    happened.iter().flat_map(move |(_, h)| {
        let topic = topic(slices, h.kind);
        h.people.iter().map(move |person| Touched { person: *person, topic })
    })
}

/// The name of the slice in which something happens.
pub fn topic(slices: &'static [&'static Slice], kind: &str) -> &'static str {
    slices.iter().find(|s| s.happenings.contains(&kind)).map_or("", |s| s.name)
}

impl App {
    pub fn new(db: Db, config: Config, clock: Clock, chance: Chance, seal: Seal, slices: &'static [&'static Slice]) -> Self {
        Self(Arc::new(Inner {
            db,
            config,
            clock,
            chance,
            seal,
            live: Live::default(),
            stopping: tokio::sync::watch::channel(false).0,
            slices,
            place: RwLock::default(),
            memory: RwLock::default(),
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Reads in one snapshot. The log names whoever calls this when it is slow.
    #[track_caller]
    pub fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> impl Future<Output = Result<T>> + Send {
        let unit = self.unit(Access::Read, f);
        async move { unit.await.map(|(value, _)| value) }
    }

    /// Changes all or nothing, durable once this returns. The closure may run again (PostgreSQL asks for retries), so
    /// it must have no effect outside its `Tx`. The log names whoever calls this when it is slow.
    #[track_caller]
    pub fn write<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> impl Future<Output = Result<T>> + Send {
        let unit = self.unit(Access::Write, f);
        async move {
            let (value, effects) = unit.await?;
            self.tell(effects);
            Ok(value)
        }
    }

    /// What follows once a change is durable. Nothing in it can fail: the change would be there, and be called broken.
    fn tell(&self, effects: Effects) {
        let Effects { happened, woken, place } = effects;
        if let Some(place) = place {
            self.set_place(place);
        }
        self.live.tell_once(happened.iter().map(|(position, _)| *position), touched(self.slices, &happened).chain(woken));
    }

    #[track_caller]
    fn unit<T: Send + 'static>(
        &self,
        access: Access,
        mut f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<(T, Effects)>> + Send {
        let app = self.clone();
        self.db.unit(access, move |store: &mut chiron_store::Tx<'_>| {
            let keys = crate::seal::Taken::by(access);
            let mut tx = Tx { store, now: app.clock.now(), app: &app.0, effects: Effects::default(), keys };
            let value = f(&mut tx)?;
            if tx.effects.happened.iter().any(|(_, h)| h.kind == "place changed") {
                tx.effects.place = Some(tx.place()?);
            }
            Ok::<_, Error>((value, tx.effects))
        })
    }

    pub fn place(&self) -> Arc<Place> {
        self.place.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn set_place(&self, place: Place) {
        *self.place.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(place);
    }

    /// Reads what everybody may know of this place again: at start, and where another node may have changed it.
    pub async fn refresh_place(&self) -> Result<()> {
        self.set_place(self.read(|tx| tx.place()).await?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::story::story;

    #[test]
    fn a_unit_of_work_is_known_by_the_place_that_asked_for_it() {
        story(|s| {
            let (read, line) = (s.waits(s.app().read::<()>(|_| panic!("as a story wants it"))), line!());
            let (write, next) = (s.waits(s.app().write::<()>(|_| panic!("as a story wants it"))), line!());
            for (failed, line) in [(read, line), (write, next)] {
                let said = failed.err().map(|e| e.to_string()).unwrap_or_default();
                assert!(said.contains(&format!("{}:{line}", file!())), "{said}");
            }
        });
    }
}
