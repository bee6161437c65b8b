//! Embeds `assets/`: each file gets a name with a hash of its content, so that browsers may
//! keep it for ever, and text gets compressed once, here, instead of at every request.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What we serve, with its media type; anything else in `assets/` (licences, the script that
/// makes the fonts) stays in the repository.
const KINDS: [(&str, &str, bool); 5] = [
    ("css", "text/css; charset=utf-8", true),
    ("js", "text/javascript; charset=utf-8", true),
    ("svg", "image/svg+xml", true),
    ("woff2", "font/woff2", false),
    ("png", "image/png", false),
];

#[expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through the environment")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?).join("assets");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    // Compressing well takes seconds in an unoptimised build script, and a developer on their own machine needs none.
    let compress = env::var("PROFILE").is_ok_and(|profile| profile == "release");

    let mut files = BTreeMap::new();
    gather(&root, &root, &mut files)?;
    // A stylesheet names its fonts, so it is hashed after them and with their hashed names in it.
    let hashed: BTreeMap<String, String> =
        files.iter().filter(|(name, _)| !name.ends_with(".css")).map(|(name, bytes)| (name.clone(), with_hash(name, bytes))).collect();

    let mut table = String::from("pub(super) static ASSETS: &[Asset] = &[\n");
    for (index, (name, bytes)) in files.iter().enumerate() {
        let Some((_, media_type, text)) = KINDS.iter().find(|(extension, ..)| name.ends_with(&format!(".{extension}"))) else {
            continue;
        };
        let bytes = if name.ends_with(".css") { name_fonts(bytes, &hashed) } else { bytes.clone() };
        let hashed_name = with_hash(name, &bytes);
        let plain = keep(&out, index, "plain", &bytes)?;
        let (brotli, gzip) = if compress && *text {
            (Some(keep(&out, index, "br", &brotli(&bytes)?)?), Some(keep(&out, index, "gz", &gzip(&bytes)?)?))
        } else {
            (None, None)
        };
        // Beside the table, by name alone: the folder may be moved, or copied into another checkout.
        let embed = |name: &str| format!("include_bytes!({name:?})");
        let maybe = |name: Option<String>| name.map_or("None".to_owned(), |name| format!("Some({})", embed(&name)));
        writeln!(
            table,
            "    Asset {{ name: {name:?}, url: {:?}, media_type: {media_type:?}, plain: {}, brotli: {}, gzip: {} }},",
            format!("/assets/{hashed_name}"),
            embed(&plain),
            maybe(brotli),
            maybe(gzip),
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.insert(name.replace('\\', "/"), fs::read(&path)?);
        }
    }
    Ok(())
}

/// `fonts/inter.woff2` becomes `fonts/inter.0123456789abcdef.woff2`.
fn with_hash(name: &str, bytes: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}.{:016x}.{extension}", fnv1a(bytes))
}

/// FNV-1a, 64 bit: the hash tells two versions of our own file apart, it guards nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn name_fonts(css: &[u8], hashed: &BTreeMap<String, String>) -> Vec<u8> {
    let mut css = String::from_utf8_lossy(css).into_owned();
    for (name, hashed_name) in hashed {
        css = css.replace(&format!("url(\"{name}\")"), &format!("url(\"{hashed_name}\")"));
    }
    css.into_bytes()
}

/// Writes a file that the table embeds; returns its name.
fn keep(out: &Path, index: usize, ending: &str, bytes: &[u8]) -> io::Result<String> {
    let name = format!("asset-{index}.{ending}");
    fs::write(out.join(&name), bytes)?;
    Ok(name)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22).write_all(bytes)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes)?;
    packer.finish()
}
