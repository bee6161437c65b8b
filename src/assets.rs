//! Stylesheet, scripts, fonts and icons, embedded by `build.rs` and served under `/assets/`.
//!
//! A page asks for `url("chiron.css")` in a constant, so a name that does not exist fails the
//! build. The answer carries a hash of the content and may be kept for ever. In a debug build
//! the files are read again at each request: edit the stylesheet, reload, see it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One embedded file, as it is and compressed (the latter only in a release build, and only text).
pub struct Asset {
    pub name: &'static str,
    pub url: &'static str,
    media_type: &'static str,
    pub plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

mod embedded {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Every file we serve.
pub fn all() -> &'static [Asset] {
    embedded::ASSETS
}

/// The address of an asset, `/assets/chiron.0123456789abcdef.css` for `chiron.css`.
///
/// Call it in a constant: an unknown name is then an error of the compiler.
pub const fn url(name: &str) -> &'static str {
    let mut index = 0;
    while index < embedded::ASSETS.len() {
        if same(embedded::ASSETS[index].name, name) {
            return embedded::ASSETS[index].url;
        }
        index += 1;
    }
    panic!("there is no asset of this name in assets/")
}

/// `==` on strings is not yet allowed in constants.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Serves `/assets/...`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{*path}", get(serve))
}

async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = all().iter().find(|asset| asset.url.strip_prefix("/assets/") == Some(path.as_str()) || asset.name == path) else {
        return (StatusCode::NOT_FOUND, "There is no such file here.").into_response();
    };
    let hashed = asset.name != path;
    if cfg!(debug_assertions)
        && let Ok(fresh) = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/").to_owned() + asset.name)
    {
        return answer(asset, with_hashed_names(asset, fresh), None, "no-cache");
    }
    let (bytes, encoding) = asset.best_for(&headers);
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer(asset, Bytes::from_static(bytes), encoding, keep)
}

fn answer(asset: &Asset, bytes: Bytes, encoding: Option<&'static str>, keep: &'static str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// What `build.rs` does to a stylesheet, for one that was just read again.
fn with_hashed_names(asset: &Asset, fresh: Vec<u8>) -> Bytes {
    if !asset.name.ends_with(".css") {
        return fresh.into();
    }
    let fresh = all().iter().fold(String::from_utf8_lossy(&fresh).into_owned(), |css, font| {
        css.replace(&format!("url(\"{}\")", font.name), &format!("url(\"{}\")", font.url))
    });
    fresh.into()
}

impl Asset {
    /// The smallest form that the browser says it can read.
    fn best_for(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepts = |encoding: &str| {
            accepted.split(',').any(|part| {
                let mut words = part.split(';').map(str::trim);
                words.next() == Some(encoding) && !words.any(|quality| matches!(quality, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        match (self.brotli, self.gzip) {
            (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
            _ => (self.plain, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn fetch(path: &str) -> Response {
        router::<()>().oneshot(Request::get(path).body(Body::empty()).expect("a request")).await.expect("an answer")
    }

    #[tokio::test]
    async fn every_asset_is_served_under_its_hashed_name_with_its_type() {
        for asset in all() {
            let response = fetch(asset.url).await;
            assert_eq!(response.status(), StatusCode::OK, "{}", asset.url);
            assert_eq!(response.headers()[header::CONTENT_TYPE], asset.media_type);
        }
    }

    #[tokio::test]
    async fn an_unknown_asset_is_not_found() {
        assert_eq!(fetch("/assets/chiron.0000000000000000.css").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(fetch("/assets/../Cargo.toml").await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_stylesheet_names_its_fonts_by_their_hashed_names() {
        let css = all().iter().find(|asset| asset.name == "chiron.css").expect("the stylesheet");
        let css = std::str::from_utf8(css.plain).expect("text");
        for font in all().iter().filter(|asset| asset.name.ends_with(".woff2")) {
            let hashed = font.url.strip_prefix("/assets/").expect("our prefix");
            assert!(css.contains(&format!("url(\"{hashed}\")")), "{} is embedded but the stylesheet does not use it", font.name);
        }
    }

    #[test]
    fn what_a_browser_refuses_is_not_sent() {
        let asset = Asset { name: "a", url: "/assets/a", media_type: "text/css", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") };
        let chosen = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            asset.best_for(&headers).1
        };
        assert_eq!(chosen("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(chosen("gzip, br;q=0"), Some("gzip"));
        assert_eq!(chosen("identity"), None);
    }
}
