//! Looking at pages within the benchmark's own process, without a network.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chiron::error::{Error, Result};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// Looks at a page as somebody who is signed in.
pub async fn get(router: &Router, path: &str, cookie: &str) -> Result<(StatusCode, String)> {
    let request = Request::get(path).header("host", "127.0.0.1:8080").header("cookie", format!("chiron={cookie}"));
    let response = router.clone().oneshot(request.body(Body::empty()).map_err(Error::broken)?).await.map_err(Error::broken)?;
    let state = response.status();
    let bytes = response.into_body().collect().await.map_err(Error::broken)?.to_bytes();
    Ok((state, String::from_utf8_lossy(&bytes).into_owned()))
}
