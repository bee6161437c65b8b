//! Files that go with a message: which we take, judged by what the bytes are and not by what the sender calls them.
//! Pictures are drawn anew; nothing else is ever shown inside a page. Pure, but for the drawing costly.

use crate::people::{Unusable, redraw_whole};
use chiron_store::{ids, record, text_enum};

ids!(FileId);

/// Files of one message.
pub const MOST_FILES: usize = 4;
/// Bytes of one file.
pub const LARGEST_FILE: usize = 8 << 20;
/// Bytes of all files of one message: what a request may carry, less its words.
pub const MOST_TOGETHER: usize = 11 << 20;
/// Bytes of all files of a conversation.
pub const MOST_IN_CONVERSATION: i64 = 100 << 20;
/// The longer side of a picture as we keep it, in pixels: a screenshot stays readable.
const LONGEST_SIDE: u32 = 2_000;

text_enum!(
    pub FileKind {
        Picture = "picture",
        Pdf = "pdf",
        Text = "text",
        Word = "docx",
        Sheet = "xlsx",
        Slides = "pptx",
        OpenText = "odt",
        OpenSheet = "ods",
        OpenSlides = "odp",
    }
);

impl FileKind {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Picture => "image/jpeg",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Sheet => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Slides => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::OpenText => "application/vnd.oasis.opendocument.text",
            Self::OpenSheet => "application/vnd.oasis.opendocument.spreadsheet",
            Self::OpenSlides => "application/vnd.oasis.opendocument.presentation",
        }
    }
    pub fn ending(self) -> &'static str {
        match self {
            Self::Picture => "jpg",
            Self::Text => "txt",
            other => other.as_str(),
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Self::Picture => "Picture",
            Self::Pdf => "PDF",
            Self::Text => "Text",
            Self::Word | Self::OpenText => "Document",
            Self::Sheet | Self::OpenSheet => "Spreadsheet",
            Self::Slides | Self::OpenSlides => "Slides",
        }
    }
    /// Whether a page may show it. Everything else is saved, never opened here.
    pub fn is_shown(self) -> bool {
        self == Self::Picture
    }
}

record!(
    /// A file of a message, without its bytes.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct File {
        pub id: FileId,
        pub number: i64,
        pub position: i64,
        pub kind: FileKind,
        pub size: i64,
        pub width: i64,
        pub height: i64,
    }
);

impl File {
    /// The name it is saved under, which is ours: by the message and its place in it.
    pub fn name(&self) -> String {
        format!("message-{}-{}.{}", self.number, self.position, self.kind.ending())
    }
    /// As in “PDF, 214 KB”.
    pub fn words(&self) -> String {
        let size = match self.size {
            0..1_000_000 => format!("{} KB", (self.size / 1000).max(1)),
            size => format!("{:.1} MB", size as f64 / 1e6),
        };
        format!("{}, {size}", self.kind.words())
    }
}

/// A file as it will be kept.
#[derive(Debug, Clone)]
pub struct Ready {
    pub kind: FileKind,
    pub bytes: Vec<u8>,
    /// Of a picture, in pixels; else nought.
    pub width: u32,
    pub height: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    Heavy,
    /// A web page or a drawing made of text, which could run something where it is opened.
    Page,
    /// A document with a program in it.
    Macros,
    /// Cut short.
    Broken,
    /// None of the kinds we take.
    Kind,
    Picture(Unusable),
}

impl Unfit {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Heavy => "A file here is larger than 8 MB. Please send a smaller one, or a link to it.",
            Self::Page => "Web pages and SVG drawings can run programs, so we do not pass them on. A PDF or a picture of it is fine.",
            Self::Macros => "This document has a program (macros) in it, which we do not pass on. Please save it without, or as a PDF.",
            Self::Broken => "A file here seems to have been cut short. Please try it once more.",
            Self::Kind => {
                "We pass on pictures (JPEG, PNG, WebP), PDF, plain text, and office documents. Please send this as one of them, or as a link."
            }
            Self::Picture(why) => why.sentence(),
        }
    }
}

/// Judges a file and makes it ready to be kept. Reads the bytes once; a picture is decoded and drawn anew.
pub fn ready(sent: &[u8]) -> Result<Ready, Unfit> {
    if sent.len() > LARGEST_FILE {
        return Err(Unfit::Heavy);
    }
    let kind = kind_of(sent)?;
    if kind == FileKind::Picture {
        let (bytes, width, height) = redraw_whole(sent, LONGEST_SIDE).map_err(Unfit::Picture)?;
        return Ok(Ready { kind, bytes, width, height });
    }
    Ok(Ready { kind, bytes: sent.to_vec(), width: 0, height: 0 })
}

fn kind_of(sent: &[u8]) -> Result<FileKind, Unfit> {
    match sent {
        [0xff, 0xd8, 0xff, ..] | [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(FileKind::Picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(FileKind::Picture),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(FileKind::Pdf),
        [b'P', b'K', 3, 4, ..] => office(sent),
        _ => text(sent),
    }
}

/// Office documents are archives whose names say what they are. They are not unpacked here, so nothing can swell.
fn office(sent: &[u8]) -> Result<FileKind, Unfit> {
    let holds = |name: &[u8]| sent.windows(name.len()).any(|part| part == name);
    // The end of an archive stands within its last 64 KiB.
    let tail = &sent[sent.len().saturating_sub(66_000)..];
    if !tail.windows(4).any(|part| part == b"PK\x05\x06") {
        return Err(Unfit::Broken);
    }
    if holds(b"vbaProject.bin") || holds(b"Basic/script-lc.xml") {
        return Err(Unfit::Macros);
    }
    let first = |kind: &[u8]| sent.get(30..38) == Some(b"mimetype") && sent.get(38..38 + kind.len()) == Some(kind);
    if holds(b"[Content_Types].xml") {
        let parts: [(&[u8], FileKind); 3] =
            [(b"word/document", FileKind::Word), (b"xl/workbook", FileKind::Sheet), (b"ppt/presentation", FileKind::Slides)];
        return parts.into_iter().find(|(name, _)| holds(name)).map(|(_, kind)| kind).ok_or(Unfit::Kind);
    }
    let open = [FileKind::OpenText, FileKind::OpenSheet, FileKind::OpenSlides];
    open.into_iter().find(|kind| first(kind.media_type().as_bytes())).ok_or(Unfit::Kind)
}

/// Plain text is UTF-8 without control characters that does not begin like a page.
fn text(sent: &[u8]) -> Result<FileKind, Unfit> {
    let words = std::str::from_utf8(sent).map_err(|_| Unfit::Kind)?;
    // An image in name, and whatever else in the rest of it.
    if words.starts_with("GIF8") {
        return Err(Unfit::Kind);
    }
    if words.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('<') {
        return Err(Unfit::Page);
    }
    let is_text = !words.is_empty() && !words.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    if is_text { Ok(FileKind::Text) } else { Err(Unfit::Kind) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive that has these names in it, as far as anybody looks who does not unpack it.
    fn archive(first: &str, content: &str, names: &[&str]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.resize(30, 0);
        bytes.extend(format!("{first}{content}{}", names.concat()).into_bytes());
        bytes.extend(b"PK\x05\x06");
        bytes.resize(bytes.len() + 18, 0);
        bytes
    }

    #[test]
    fn a_file_is_what_its_bytes_are() {
        for (sent, kind) in [
            (b"%PDF-1.7 ...".to_vec(), FileKind::Pdf),
            ("Agenda\n- Zürich\n".into(), FileKind::Text),
            ("a < b and <script> in the middle of a note on HTML".into(), FileKind::Text),
            (archive("[Content_Types].xml", "", &["word/document.xml"]), FileKind::Word),
            (archive("_rels/.rels", "", &["[Content_Types].xml", "xl/workbook.xml"]), FileKind::Sheet),
            (archive("[Content_Types].xml", "", &["ppt/presentation.xml"]), FileKind::Slides),
            (archive("mimetype", "application/vnd.oasis.opendocument.text", &["content.xml"]), FileKind::OpenText),
            (archive("mimetype", "application/vnd.oasis.opendocument.spreadsheet", &[]), FileKind::OpenSheet),
        ] {
            let ready = ready(&sent).expect("a file that we take");
            assert_eq!((ready.kind, ready.bytes), (kind, sent));
        }
    }

    #[test]
    fn what_could_run_is_refused_however_it_is_dressed() {
        let mut cut = archive("[Content_Types].xml", "", &["word/document.xml"]);
        cut.truncate(cut.len() - 22);
        for (sent, why) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), Unfit::Page),
            (b"\xef\xbb\xbf \n<!doctype html><script>alert(1)</script>".to_vec(), Unfit::Page),
            (b"<?xml version='1.0'?><html/>".to_vec(), Unfit::Page),
            (b"GIF89a/*<script>alert(1)</script>*/".to_vec(), Unfit::Kind),
            (b"MZ\x90\0\x03".to_vec(), Unfit::Kind),
            (b"\x7fELF\x02".to_vec(), Unfit::Kind),
            (b"BM\0\0\0\0".to_vec(), Unfit::Kind),
            (Vec::new(), Unfit::Kind),
            (b"text\0with a hole".to_vec(), Unfit::Kind),
            (archive("evil.html", "<script>", &[]), Unfit::Kind),
            (archive("[Content_Types].xml", "", &["word/document.xml", "word/vbaProject.bin"]), Unfit::Macros),
            (archive("mimetype", "application/vnd.oasis.opendocument.text", &["Basic/script-lc.xml"]), Unfit::Macros),
            (cut, Unfit::Broken),
            (b"\x89PNG\r\n\x1a\n and then <script>".to_vec(), Unfit::Picture(Unusable::Broken)),
            (vec![b'a'; LARGEST_FILE + 1], Unfit::Heavy),
        ] {
            assert_eq!(ready(&sent).err(), Some(why), "{:?}", String::from_utf8_lossy(&sent[..sent.len().min(30)]));
        }
        // What is two things at once is kept as the first of them, and a page never shows it.
        let both = ready(b"%PDF-1.4 <html><script>alert(1)</script>").expect("a PDF");
        assert!(!both.kind.is_shown());
    }
}
