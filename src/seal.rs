//! Keeps what two people write from everyone else.
//!
//! Content of a relationship (and of the ask it grew from) is encrypted under a key of its own. That key lies in the
//! database only wrapped by the instance key, which lives in a file outside the database: a copy of the database alone
//! reads as noise. Forgetting destroys the wrapped key, and with it the content, in every backup made afterwards.
//!
//! XChaCha20-Poly1305 throughout: 24-byte random nonces, so no counter to keep. A sealed value is
//! `nonce (24) | ciphertext | tag (16)`, bound to its key's id as associated data.

use crate::app::{Chance, Tx};
use crate::error::{Error, Result};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chiron_store::{column_as, ids, sql};

ids!(
    /// The key of one conversation: an ask, and the relationship it becomes.
    KeyId,
);

/// Encrypted bytes in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);
column_as!(Sealed, Vec<u8>, out: |sealed| &sealed.0, back: |bytes| Ok::<_, std::convert::Infallible>(Sealed(bytes)));

/// The instance keys, newest first. New keys are wrapped by the first; the others still open what they wrapped.
pub struct Seal {
    keys: Vec<XChaCha20Poly1305>,
    /// For signing reply addresses and the like; derived from the oldest key, so that rotation keeps old signatures good.
    signing: [u8; 32],
}

impl Seal {
    /// At least one key of 32 bytes, newest first.
    pub fn new(keys: &[[u8; 32]]) -> Result<Self> {
        use sha2::Digest;
        let oldest = keys.last().ok_or_else(|| Error::broken("the key file holds no key"))?;
        let signing = sha2::Sha256::new().chain_update(b"chiron signing").chain_update(oldest).finalize().into();
        Ok(Self { keys: keys.iter().map(|k| XChaCha20Poly1305::new(k.into())).collect(), signing })
    }

    /// Reads the key file, one key a line in base32, newest first; makes it, readable by its owner alone, when it is
    /// not there yet.
    pub fn of_file(path: &std::path::Path, chance: &Chance) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let text = format!("{}\n", data_encoding::BASE32_NOPAD.encode(&chance.bytes::<32>()).to_lowercase());
                write_private(path, &text)?;
                text
            }
            Err(e) => return Err(Error::broken(format!("the key file {} cannot be read: {e}", path.display()))),
        };
        let keys = text
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
            .map(|l| {
                let bytes = data_encoding::BASE32_NOPAD.decode(l.to_uppercase().as_bytes()).ok();
                bytes
                    .and_then(|b| b.try_into().ok())
                    .ok_or_else(|| Error::broken(format!("the key file {} holds a line that is not a key", path.display())))
            })
            .collect::<Result<Vec<[u8; 32]>>>()?;
        Self::new(&keys)
    }

    pub fn signing_key(&self) -> &[u8; 32] {
        &self.signing
    }

    /// Seals bytes under the instance key itself: for what belongs to no conversation, such as a letter not yet sent.
    pub fn shut(&self, chance: &Chance, plain: &[u8]) -> Result<Sealed> {
        shut(&self.keys[0], chance, plain, b"instance")
    }
    pub fn open(&self, sealed: &Sealed) -> Result<Vec<u8>> {
        self.keys
            .iter()
            .find_map(|key| open(key, sealed, b"instance"))
            .ok_or_else(|| Error::broken("sealed under a key that is not in the key file"))
    }
}

/// Makes a key for a new conversation.
pub fn new_key(tx: &mut Tx) -> Result<KeyId> {
    let (id, now): (KeyId, _) = (tx.new_id(), tx.now());
    let wrapped = tx.seal().shut(tx.chance(), &tx.chance().bytes::<32>())?;
    tx.execute(sql!("insert into keys (id, wrapped, made_at) values ($1, $2, $3)"), &[&id, &wrapped, &now])?;
    Ok(id)
}

/// Seals a text under a conversation's key.
pub fn seal(tx: &mut Tx, key: KeyId, text: &str) -> Result<Sealed> {
    let cipher = cipher(tx, key)?.ok_or_else(refused_forgotten)?;
    shut(&cipher, tx.chance(), text.as_bytes(), key.0.as_bytes())
}

/// Opens a sealed text; `None` when its key was destroyed.
pub fn open_text(tx: &mut Tx, key: KeyId, sealed: &Sealed) -> Result<Option<String>> {
    let Some(cipher) = cipher(tx, key)? else { return Ok(None) };
    let plain = open(&cipher, sealed, key.0.as_bytes()).ok_or_else(|| Error::broken("a sealed text does not open with its key"))?;
    String::from_utf8(plain).map(Some).map_err(Error::broken)
}

/// Destroys the key of a conversation, and with it everything sealed under it.
pub fn destroy(tx: &mut Tx, key: KeyId) -> Result<()> {
    let now = tx.now();
    tx.execute(sql!("update keys set wrapped = null, destroyed_at = $2 where id = $1"), &[&key, &now])?;
    Ok(())
}

fn cipher(tx: &mut Tx, key: KeyId) -> Result<Option<XChaCha20Poly1305>> {
    let row: Option<(Option<Sealed>,)> = tx.opt(sql!("select wrapped from keys where id = $1"), &[&key])?;
    let Some((Some(wrapped),)) = row else { return Ok(None) };
    let bytes: [u8; 32] = tx.seal().open(&wrapped)?.try_into().map_err(|_| Error::broken("a key of the wrong length"))?;
    Ok(Some(XChaCha20Poly1305::new(&bytes.into())))
}

fn refused_forgotten() -> Error {
    crate::refused!("forgotten"; "This conversation has been forgotten; nothing more can be added to it.")
}

fn shut(cipher: &XChaCha20Poly1305, chance: &Chance, plain: &[u8], bound_to: &[u8]) -> Result<Sealed> {
    let nonce = chance.bytes::<24>();
    let mut bytes = nonce.to_vec();
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: bound_to });
    bytes.extend(sealed.map_err(|_| Error::broken("sealing failed"))?);
    Ok(Sealed(bytes))
}

fn open(cipher: &XChaCha20Poly1305, sealed: &Sealed, bound_to: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.0.split_at_checked(24)?;
    cipher.decrypt(&XNonce::try_from(nonce).ok()?, Payload { msg: rest, aad: bound_to }).ok()
}

fn write_private(path: &std::path::Path, text: &str) -> Result<()> {
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
