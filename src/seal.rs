//! Keeps what two people write from everyone else.
//!
//! Content of a relationship (and of the ask it grew from) is encrypted under a key of its own. That key lies in the
//! database only wrapped by the instance key, which lives in a file outside the database: a copy of the database alone
//! reads as noise. Forgetting destroys the wrapped key, and with it the content, in every backup made afterwards.
//!
//! ChaCha20-Poly1305 throughout (RFC 8439), with random nonces of 12 bytes. That is safe because no key seals much: a
//! conversation's key its texts, the instance key one wrapped key a conversation. After four thousand million of them
//! the odds that two nonces were alike are one in eight thousand million (n² / 2⁹⁷). A sealed value is
//! `form (1) | nonce (12) | ciphertext | tag (16)`, bound to its key's id as associated data.

use crate::app::{Chance, Tx};
use crate::error::{Error, Result};
use chiron_store::{Access, List, column_as, ids, sql};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

ids!(
    /// The key of one conversation: an ask, and the relationship it becomes.
    KeyId,
);

/// Encrypted bytes in a column. The default is empty, which no key opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);
column_as!(Sealed, Vec<u8>, out: |sealed| &sealed.0, back: |bytes| Ok::<_, std::convert::Infallible>(Sealed(bytes)));

/// The instance keys, newest first. New keys are wrapped by the first; the others still open what they wrapped.
///
/// A key that is added to the file while the program runs is found: before something is sealed, and when something does
/// not open, the file is looked at, and read again if it has changed.
pub struct Seal {
    keys: RwLock<Arc<Vec<LessSafeKey>>>,
    /// For signing reply addresses and the like; derived from the oldest key, so that rotation keeps old signatures good.
    signing: [u8; 32],
    file: Option<KeyFile>,
}

/// Where the keys came from, and how the file looked then.
struct KeyFile {
    path: PathBuf,
    seen: Mutex<Option<(SystemTime, u64)>>,
}

impl Seal {
    /// At least one key of 32 bytes, newest first.
    pub fn new(keys: &[[u8; 32]]) -> Result<Self> {
        use sha2::Digest;
        let oldest = keys.last().ok_or_else(|| Error::broken("the key file holds no key"))?;
        let signing = sha2::Sha256::new().chain_update(b"chiron signing").chain_update(oldest).finalize().into();
        Ok(Self { keys: RwLock::new(Arc::new(ciphers(keys)?)), signing, file: None })
    }

    /// Reads the key file, one key a line in base32, newest first; makes it, readable by its owner alone, when it is
    /// not there yet.
    pub fn of_file(path: &Path, chance: &Chance) -> Result<Self> {
        if !path.try_exists()? {
            write_private(path, &line(&chance.bytes::<32>()))?;
        }
        let seen = look(path);
        let mut seal = Self::new(&keys_of(path)?)?;
        seal.file = Some(KeyFile { path: path.into(), seen: Mutex::new(seen) });
        Ok(seal)
    }

    /// Puts a new key in front of those in the file. The file is replaced as a whole, so that whoever reads it meanwhile
    /// reads the old one or the new one.
    pub fn add_newest(path: &Path, chance: &Chance) -> Result<()> {
        keys_of(path)?;
        let before = std::fs::read_to_string(path)?;
        let beside = PathBuf::from(format!("{}.new", path.display()));
        write_private(&beside, &format!("{}{before}", line(&chance.bytes::<32>())))?;
        Ok(std::fs::rename(&beside, path)?)
    }

    fn keys(&self) -> Arc<Vec<LessSafeKey>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys as the file has them now: it is read when it looks otherwise than before. Costs one look at the folder.
    fn keys_now(&self) -> Result<Arc<Vec<LessSafeKey>>> {
        let Some(file) = &self.file else { return Ok(self.keys()) };
        let now = look(&file.path);
        let mut seen = file.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A file that is gone for a moment takes nothing away from what is known.
        if now.is_some() && *seen != now {
            let keys = Arc::new(ciphers(&keys_of(&file.path)?)?);
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
            *seen = now;
        }
        Ok(self.keys())
    }

    pub fn signing_key(&self) -> &[u8; 32] {
        &self.signing
    }

    /// Seals bytes under the instance key itself: for what belongs to no conversation, such as a letter not yet sent.
    pub fn shut(&self, chance: &Chance, plain: &[u8]) -> Result<Sealed> {
        let keys = self.keys_now()?;
        shut(keys.first().ok_or_else(no_key)?, chance, plain, b"instance")
    }
    pub fn open(&self, sealed: &Sealed) -> Result<Vec<u8>> {
        let open = |keys: &[LessSafeKey]| keys.iter().find_map(|key| open(key, sealed, b"instance"));
        match open(&self.keys()) {
            Some(plain) => Ok(plain),
            None => open(&self.keys_now()?).ok_or_else(|| Error::broken("sealed under a key that is not in the key file")),
        }
    }
    /// The same sealed under the newest key; `None` when it is already.
    pub fn renewed(&self, chance: &Chance, sealed: &Sealed) -> Result<Option<Sealed>> {
        let keys = self.keys_now()?;
        let newest = keys.first().ok_or_else(no_key)?;
        if open(newest, sealed, b"instance").is_some() {
            return Ok(None);
        }
        shut(newest, chance, &self.open(sealed)?, b"instance").map(Some)
    }
}

fn no_key() -> Error {
    Error::broken("the key file holds no key")
}

fn ciphers(keys: &[[u8; 32]]) -> Result<Vec<LessSafeKey>> {
    keys.iter().map(key_of).collect()
}

/// A key as the file has it.
fn line(key: &[u8; 32]) -> String {
    format!("{}\n", data_encoding::BASE32_NOPAD.encode(key).to_lowercase())
}

/// What tells a changed file from the one before.
fn look(path: &Path) -> Option<(SystemTime, u64)> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

fn keys_of(path: &Path) -> Result<Vec<[u8; 32]>> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::broken(format!("the key file {} cannot be read: {e}", path.display())))?;
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|l| {
            let bytes = data_encoding::BASE32_NOPAD.decode(l.to_uppercase().as_bytes()).ok();
            bytes
                .and_then(|b| b.try_into().ok())
                .ok_or_else(|| Error::broken(format!("the key file {} holds a line that is not a key", path.display())))
        })
        .collect()
}

/// Wraps the keys of conversations anew that an older instance key still wraps: at most `most` after this one, in the
/// order of their ids. Says how many it went over, how many of them it renewed, and the last. Nothing else changes:
/// what people wrote stays sealed under the same key of its conversation.
pub fn renew(tx: &mut Tx, after: KeyId, most: i64) -> Result<(usize, usize, Option<KeyId>)> {
    let rows: Vec<(KeyId, Sealed)> =
        tx.all(sql!("select id, wrapped from keys where wrapped is not null and id > $1 order by id limit $2"), &[&after, &most])?;
    let mut renewed = 0;
    for (id, wrapped) in &rows {
        if let Some(anew) = tx.seal().renewed(tx.chance(), wrapped)? {
            tx.execute(sql!("update keys set wrapped = $2 where id = $1 and wrapped is not null"), &[id, &anew])?;
            renewed += 1;
        }
    }
    Ok((rows.len(), renewed, rows.last().map(|row| row.0)))
}

/// Makes a key for a new conversation.
pub fn new_key(tx: &mut Tx) -> Result<KeyId> {
    let (id, now): (KeyId, _) = (tx.new_id(), tx.now());
    let key = tx.chance().bytes::<32>();
    let wrapped = tx.seal().shut(tx.chance(), &key)?;
    tx.execute(sql!("insert into keys (id, wrapped, made_at) values ($1, $2, $3)"), &[&id, &wrapped, &now])?;
    tx.keys().known.insert(id, Some(Arc::new(key_of(&key)?)));
    Ok(id)
}

/// The key of what somebody keeps for themselves: the one there is, or a new one, which is kept from now on.
pub fn key_kept(tx: &mut Tx, there: Option<KeyId>, keep: impl FnOnce(&mut Tx, KeyId) -> Result<()>) -> Result<KeyId> {
    if let Some(key) = there {
        return Ok(key);
    }
    let key = new_key(tx)?;
    keep(tx, key)?;
    Ok(key)
}

/// Seals a text under a conversation's key. Several are sealed with a [`ring`].
pub fn seal(tx: &mut Tx, key: KeyId, text: &str) -> Result<Sealed> {
    ring(tx, &[key])?.seal(tx, key, text)
}

/// Opens a sealed text; `None` when its key was destroyed. Several are opened with a [`ring`].
pub fn open_text(tx: &mut Tx, key: KeyId, sealed: &Sealed) -> Result<Option<String>> {
    ring(tx, &[key])?.text(key, sealed)
}

/// The keys of conversations, for many texts at the price of one query.
pub struct Ring(HashMap<KeyId, Arc<LessSafeKey>>);

/// The keys that a unit of work knows without asking. One that only reads remembers each that it has asked for: a page is made
/// of many parts, most are sealed under the same key, and in one snapshot keys stay what they are. One that writes knows only
/// those it has made itself: others may be destroyed meanwhile, and reading back what was just written would, on PostgreSQL,
/// be in the way of everybody else who makes a key at that moment (new keys lie on one page of the index).
pub struct Taken {
    /// `None` where one was destroyed.
    known: HashMap<KeyId, Option<Arc<LessSafeKey>>>,
    remembers: bool,
}

impl Taken {
    pub fn by(access: Access) -> Self {
        Self { known: HashMap::new(), remembers: access == Access::Read }
    }
}

impl Ring {
    /// Seals a text under a key on this ring.
    pub fn seal(&self, tx: &Tx, key: KeyId, text: &str) -> Result<Sealed> {
        self.seal_bytes(tx, key, text.as_bytes())
    }
    /// Seals bytes, such as a file, under a key on this ring.
    pub fn seal_bytes(&self, tx: &Tx, key: KeyId, bytes: &[u8]) -> Result<Sealed> {
        shut(self.0.get(&key).ok_or_else(refused_forgotten)?, tx.chance(), bytes, key.0.as_bytes())
    }
    /// Opens sealed bytes; `None` when their key was destroyed, or is not on this ring.
    pub fn bytes(&self, key: KeyId, sealed: &Sealed) -> Result<Option<Vec<u8>>> {
        let Some(cipher) = self.0.get(&key) else { return Ok(None) };
        open(cipher, sealed, key.0.as_bytes()).map(Some).ok_or_else(|| Error::broken("what was sealed does not open with its key"))
    }
    /// Opens a sealed text; `None` when its key was destroyed, or is not on this ring.
    pub fn text(&self, key: KeyId, sealed: &Sealed) -> Result<Option<String>> {
        let plain = self.bytes(key, sealed)?;
        plain.map(String::from_utf8).transpose().map_err(Error::broken)
    }
}

/// Takes these keys; those that were destroyed stay away. What lists its keys has a limit already.
pub fn ring(tx: &mut Tx, keys: &[KeyId]) -> Result<Ring> {
    let (mut ring, mut new) = (HashMap::with_capacity(keys.len()), Vec::new());
    for id in keys {
        match tx.keys().known.get(id) {
            Some(Some(key)) => drop(ring.insert(*id, key.clone())),
            Some(None) => {}
            None => new.push(*id),
        }
    }
    if new.is_empty() {
        return Ok(Ring(ring));
    }
    let list = List::of(&new)?;
    let rows: Vec<(KeyId, Sealed)> =
        tx.all(sql!("select id, wrapped from keys where wrapped is not null and id in {list $1 as id}"), &[&list])?;
    let mut found = HashMap::with_capacity(rows.len());
    for (id, wrapped) in rows {
        found.insert(id, Arc::new(unwrapped(tx, &wrapped)?));
    }
    if tx.keys().remembers {
        tx.keys().known.extend(new.iter().map(|id| (*id, found.get(id).cloned())));
    }
    ring.extend(found);
    Ok(Ring(ring))
}

/// Destroys the key of a conversation, and with it everything sealed under it.
pub fn destroy(tx: &mut Tx, key: KeyId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update keys set wrapped = null, destroyed_at = $2 where id = $1"), &[&key, &now])?;
    tx.keys().known.insert(key, None);
    Ok(())
}

fn unwrapped(tx: &Tx, wrapped: &Sealed) -> Result<LessSafeKey> {
    key_of(&tx.seal().open(wrapped)?.try_into().map_err(|_| Error::broken("a key of the wrong length"))?)
}

fn key_of(bytes: &[u8; 32]) -> Result<LessSafeKey> {
    UnboundKey::new(&CHACHA20_POLY1305, bytes).map(LessSafeKey::new).map_err(|_| Error::broken("a key that is none"))
}

fn refused_forgotten() -> Error {
    crate::refused!("forgotten"; "This conversation has been forgotten; nothing more can be added to it.")
}

/// The first byte of a sealed value, so that another cipher can follow this one.
const FORM: u8 = 1;

fn shut(key: &LessSafeKey, chance: &Chance, plain: &[u8], bound_to: &[u8]) -> Result<Sealed> {
    let nonce = chance.bytes::<NONCE_LEN>();
    let mut bytes = Vec::with_capacity(1 + NONCE_LEN + plain.len() + CHACHA20_POLY1305.tag_len());
    bytes.push(FORM);
    bytes.extend(nonce);
    bytes.extend(plain);
    let tag = key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to), &mut bytes[1 + NONCE_LEN..]);
    bytes.extend(tag.map_err(|_| Error::broken("sealing failed"))?.as_ref());
    Ok(Sealed(bytes))
}

fn open(key: &LessSafeKey, sealed: &Sealed, bound_to: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.0.strip_prefix(&[FORM])?.split_first_chunk::<NONCE_LEN>()?;
    let mut bytes = rest.to_vec();
    let length = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(bound_to), &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shut_opens_with_an_old_key_and_not_with_another() {
        let chance = Chance::seeded([1; 32]);
        let old = Seal::new(&[[7; 32]]).unwrap();
        let sealed = old.shut(&chance, b"between us").unwrap();
        assert_eq!(Seal::new(&[[9; 32], [7; 32]]).unwrap().open(&sealed).unwrap(), b"between us");
        assert!(Seal::new(&[[9; 32]]).unwrap().open(&sealed).is_err());
    }

    #[test]
    fn a_changed_byte_does_not_open() {
        let (chance, seal) = (Chance::seeded([1; 32]), Seal::new(&[[7; 32]]).unwrap());
        let Sealed(mut bytes) = seal.shut(&chance, b"between us").unwrap();
        bytes[30] ^= 1;
        assert!(seal.open(&Sealed(bytes)).is_err());
    }
}
