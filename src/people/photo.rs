//! A photo as people send it, made into one we dare to show: a square JPEG drawn anew, so that no place, no camera and
//! nothing hidden in the file comes along. Pure, and costly: callers run it off the async threads, one at a time.

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use std::io::Cursor;

/// Bytes of a file that is looked at at all.
pub const LARGEST_FILE: usize = 12 << 20;
/// A side of what we keep, in pixels: twice the largest face on a page.
const SIDE: u32 = 512;
/// What a phone takes, with room to spare. Decoded at most four bytes a pixel, so some 200 MB for a moment.
const MOST_PIXELS: u64 = 50_000_000;
const LONGEST_SIDE: u32 = 16_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// More bytes than we read.
    Heavy,
    /// More pixels than we decode.
    Large,
    /// No JPEG, PNG or WebP, whatever its name says.
    Kind,
    /// It breaks off, or holds what such a file does not hold.
    Broken,
}

impl Unusable {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Heavy => "This file is larger than 12 MB. A smaller one is as good: we make it smaller to show it.",
            Self::Large => "This picture has more than 50 million pixels. Please send a smaller one: we make it smaller to show it.",
            Self::Kind => "Please choose a photo: a JPEG, PNG or WebP file.",
            Self::Broken => "This file could not be read as a photo. Perhaps it was cut short; please try another one.",
        }
    }
}

/// The photo as we keep it: JPEG, square, at most 512 pixels a side.
pub fn redraw(sent: &[u8]) -> Result<Vec<u8>, Unusable> {
    let (photo, orientation) = decoded(sent)?;
    let side = photo.width().min(photo.height());
    let square = photo.crop_imm((photo.width() - side) / 2, (photo.height() - side) / 2, side, side);
    let mut small = if side > SIDE { square.resize_exact(SIDE, SIDE, image::imageops::FilterType::CatmullRom) } else { square };
    small.apply_orientation(orientation);
    jpeg(&small)
}

/// A whole picture drawn anew: JPEG, at most so many pixels on its longer side. With its width and height.
pub fn redraw_whole(sent: &[u8], longest: u32) -> Result<(Vec<u8>, u32, u32), Unusable> {
    let (picture, orientation) = decoded(sent)?;
    let is_large = picture.width().max(picture.height()) > longest;
    let mut small = if is_large { picture.resize(longest, longest, image::imageops::FilterType::CatmullRom) } else { picture };
    small.apply_orientation(orientation);
    Ok((jpeg(&small)?, small.width(), small.height()))
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Unusable> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 85).encode_image(&on_paper(picture)).map_err(|_| Unusable::Broken)?;
    Ok(jpeg)
}

/// The pixels of what was sent, and how its camera was held. Refuses before anything large is reserved.
fn decoded(sent: &[u8]) -> Result<(DynamicImage, Orientation), Unusable> {
    if sent.len() > LARGEST_FILE {
        return Err(Unusable::Heavy);
    }
    // By what the bytes are, not by what the sender calls them.
    let format = image::guess_format(sent).map_err(|_| Unusable::Kind)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Unusable::Kind);
    }
    let mut reader = ImageReader::with_format(Cursor::new(sent), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_PIXELS * 5);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unusable)?;
    let (width, height) = decoder.dimensions();
    // Before anything is reserved: a file of a few bytes can claim to be 50,000 pixels wide.
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unusable::Large);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(unusable)?, orientation))
}

fn unusable(error: image::ImageError) -> Unusable {
    match error {
        image::ImageError::Limits(_) => Unusable::Large,
        image::ImageError::Unsupported(_) => Unusable::Kind,
        _ => Unusable::Broken,
    }
}

/// JPEG knows nothing of transparency: what was clear becomes white.
fn on_paper(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let clear = image.to_rgba8();
    RgbImage::from_fn(clear.width(), clear.height(), |x, y| {
        let [r, g, b, a] = clear.get_pixel(x, y).0.map(u32::from);
        Rgb([r, g, b].map(|c| u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(255)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) });
        picture.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    }

    #[test]
    fn a_photo_comes_back_as_a_square_jpeg() {
        for (format, width, height, side) in
            [(ImageFormat::Jpeg, 1200, 800, 512), (ImageFormat::Png, 700, 900, 512), (ImageFormat::WebP, 300, 200, 200)]
        {
            let kept = redraw(&picture(width, height, format)).expect("a usable photo");
            assert_eq!(image::guess_format(&kept).ok(), Some(ImageFormat::Jpeg));
            let kept = image::load_from_memory(&kept).expect("a JPEG");
            assert_eq!((kept.width(), kept.height()), (side, side));
        }
    }

    #[test]
    fn what_a_camera_wrote_into_the_file_is_gone_and_the_photo_stands_upright() {
        // An EXIF block that says “turned a quarter” and names a place in its artist line.
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
        exif.extend(b"\x01\x3b\0\x02\0\0\0\x0c\0\0\0\x26");
        exif.extend(b"\0\0\0\0Brno 49.19N\0");
        let plain = picture(400, 300, ImageFormat::Jpeg);
        let mut sent = plain[..2].to_vec();
        sent.extend([0xff, 0xe1]);
        sent.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
        sent.extend(&exif);
        sent.extend(&plain[2..]);
        let kept = redraw(&sent).expect("a usable photo");
        assert!(!kept.windows(4).any(|w| w == b"Exif" || w == b"Brno"));
        // Left was red, right was blue; a quarter to the right, red is on top.
        let kept = image::load_from_memory(&kept).expect("a JPEG").to_rgb8();
        assert!(kept.get_pixel(150, 20).0[0] > 150 && kept.get_pixel(150, 280).0[2] > 150);
    }

    #[test]
    fn bombs_fakes_and_fragments_are_refused_in_words() {
        let jpeg = picture(400, 300, ImageFormat::Jpeg);
        let mut polyglot = b"GIF89a/*".to_vec();
        polyglot.extend(b"*/=1;alert(1)//");
        let mut bomb = picture(2, 2, ImageFormat::Png);
        // Width and height of the header chunk say 50,000 each; its sum is then mended as an attacker would.
        bomb[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
        let sum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        for (sent, why) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), Unusable::Kind),
            (b"<html><script>alert(1)</script>".to_vec(), Unusable::Kind),
            (polyglot, Unusable::Kind),
            (Vec::new(), Unusable::Kind),
            (jpeg[..200].to_vec(), Unusable::Broken),
            (bomb, Unusable::Large),
            (vec![0xff; LARGEST_FILE + 1], Unusable::Heavy),
        ] {
            assert_eq!(redraw(&sent).err(), Some(why), "{:?}", &sent[..sent.len().min(20)]);
        }
    }

    /// A chunk of a PNG file.
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut chunk = u32::try_from(data.len()).expect("a chunk").to_be_bytes().to_vec();
        chunk.extend(kind);
        chunk.extend(data);
        let sum = crc(&chunk[4..]);
        chunk.extend(sum.to_be_bytes());
        chunk
    }

    #[test]
    fn nothing_that_is_hidden_in_a_picture_or_behind_it_is_kept() {
        const SCRIPT: &[u8] = b"<script>alert(1)</script>";
        let zip = [b"PK\x03\x04 a whole archive ", SCRIPT, b" PK\x05\x06"].concat();
        let png = picture(64, 64, ImageFormat::Png);
        // After the header chunk: a text that a careless browser might take for a page.
        let inside = [&png[..33], &chunk(b"tEXt", &[b"Comment\0", SCRIPT].concat())[..], &png[33..]].concat();
        let jpeg = picture(64, 64, ImageFormat::Jpeg);
        let comment = [&jpeg[..2], &[0xff, 0xfe, 0, (SCRIPT.len() + 2) as u8][..], SCRIPT, &jpeg[2..]].concat();
        let webp = picture(64, 64, ImageFormat::WebP);
        for (what, sent) in [
            ("a page behind a PNG", [&png[..], SCRIPT].concat()),
            ("an archive behind a PNG", [&png[..], &zip].concat()),
            ("a text inside a PNG", inside),
            ("a page behind a JPEG", [&jpeg[..], SCRIPT].concat()),
            ("an archive behind a JPEG", [&jpeg[..], &zip].concat()),
            ("a comment inside a JPEG", comment),
            ("a page behind a WebP", [&webp[..], SCRIPT].concat()),
        ] {
            // Refusing is as good as drawing anew, as long as nothing of it comes along.
            let Ok(kept) = redraw(&sent) else { continue };
            assert_eq!(image::guess_format(&kept).ok(), Some(ImageFormat::Jpeg), "{what}");
            for part in [&b"<script"[..], b"alert", b"PK\x03\x04"] {
                assert!(!kept.windows(part.len()).any(|w| w == part), "{what}");
            }
            assert!(kept.ends_with(&[0xff, 0xd9]), "{what}: nothing follows the picture");
        }
    }

    #[test]
    fn what_swells_while_it_is_read_is_stopped() {
        use std::io::Write;
        // Thirty million zeros in thirty kilobytes, in a picture that says it has four pixels; and one whose rows would
        // be as many as it says, just above what we decode.
        let mut zeros = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let nothing = vec![0; 1 << 20];
        for _ in 0..30 {
            zeros.write_all(&nothing).expect("zeros");
        }
        let zeros = zeros.finish().expect("zeros");
        assert!(zeros.len() < 64 << 10);
        let bomb = |width: u32, height: u32| {
            let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
            [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &zeros), chunk(b"IEND", &[])].concat()
        };
        for (width, height, why) in [
            (7_100, 7_100, Some(Unusable::Large)),
            (16_001, 1, Some(Unusable::Large)),
            (1, 16_001, Some(Unusable::Large)),
            (0, 5, Some(Unusable::Broken)),
        ] {
            assert_eq!(redraw(&bomb(width, height)).err(), why, "{width} by {height}");
        }
        // More than its four pixels are never looked at.
        if let Ok(kept) = redraw(&bomb(2, 2)) {
            assert!(kept.len() < 2_000, "{}", kept.len());
        }
    }

    #[test]
    fn a_whole_picture_keeps_its_shape_and_loses_the_rest() {
        let sent = [&picture(3_000, 1_500, ImageFormat::Png)[..], b"<script>alert(1)</script>"].concat();
        let (kept, width, height) = redraw_whole(&sent, 2_000).expect("a usable picture");
        assert_eq!((width, height), (2_000, 1_000));
        assert!(!kept.windows(6).any(|w| w == b"<scrip") && kept.ends_with(&[0xff, 0xd9]));
        let (_, width, height) = redraw_whole(&picture(30, 20, ImageFormat::WebP), 2_000).expect("a usable picture");
        assert_eq!((width, height), (30, 20));
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut sum = u32::MAX;
        for byte in bytes {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            }
        }
        !sum
    }
}
