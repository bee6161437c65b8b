//! Short signatures for addresses and links that have to hold for long, and need no row. Pure.

use crate::seal::Seal;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// Eighty bits, in sixteen letters and digits: an address may be 64 characters long before its `@`.
const BYTES: usize = 10;

/// Signs parts for a purpose. Each part goes in with its length, so that no two lists of parts read alike.
pub fn sign(seal: &Seal, purpose: &str, parts: &[&[u8]]) -> String {
    letters(&mac(seal, purpose, parts).finalize().into_bytes()[..BYTES])
}

/// Whether the signature is ours; takes as long for a wrong one as for a right one.
pub fn is_ours(seal: &Seal, purpose: &str, parts: &[&[u8]], signature: &str) -> bool {
    let Ok(bytes) = BASE32_NOPAD.decode(signature.to_uppercase().as_bytes()) else { return false };
    bytes.len() == BYTES && mac(seal, purpose, parts).verify_truncated_left(&bytes).is_ok()
}

pub fn letters(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_lowercase()
}
pub fn id(letters: &str) -> Option<Uuid> {
    Uuid::from_slice(&BASE32_NOPAD.decode(letters.to_uppercase().as_bytes()).ok()?).ok()
}
/// Letters of an id.
pub const ID: usize = 26;

fn mac(seal: &Seal, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
    // A key shorter than a block is filled up with zeros (RFC 2104, section 2).
    let mut key = [0; 64];
    key[..32].copy_from_slice(seal.signing_key());
    let mut mac = Hmac::<Sha256>::new(&key.into());
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_its_parts_and_its_purpose_only() {
        let (seal, other) = (Seal::new(&[[1; 32]]).unwrap(), Seal::new(&[[2; 32]]).unwrap());
        let signature = sign(&seal, "stop", &[b"ab", b"c"]);
        assert!(is_ours(&seal, "stop", &[b"ab", b"c"], &signature));
        assert!(is_ours(&seal, "stop", &[b"ab", b"c"], &signature.to_uppercase()));
        assert!(!is_ours(&seal, "stop", &[b"a", b"bc"], &signature));
        assert!(!is_ours(&seal, "reply", &[b"ab", b"c"], &signature));
        assert!(!is_ours(&other, "stop", &[b"ab", b"c"], &signature));
        assert!(!is_ours(&seal, "stop", &[b"ab", b"c"], &signature[..8]));
        assert!(!is_ours(&seal, "stop", &[b"ab", b"c"], ""));
    }

    #[test]
    fn an_id_survives_its_letters() {
        let id_ = Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab);
        assert_eq!(letters(id_.as_bytes()).len(), ID);
        assert_eq!(id(&letters(id_.as_bytes())), Some(id_));
        assert_eq!(id("0"), None);
    }
}
