//! Looking at pages and sending forms within the benchmark's own process, without a network.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chiron::error::{Error, Result};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// What a page answers to somebody who is signed in: to the fields of a form, as a browser encodes them, or to a look.
pub async fn answer(router: &Router, path: &str, cookie: &str, form: Option<String>) -> Result<(StatusCode, String)> {
    let request = if form.is_some() { Request::post(path) } else { Request::get(path) };
    let request = request
        .header("host", "127.0.0.1:8080")
        .header("cookie", format!("chiron={cookie}"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    let body = form.map_or_else(Body::empty, Body::from);
    let response = router.clone().oneshot(request.body(body).map_err(Error::broken)?).await.map_err(Error::broken)?;
    let state = response.status();
    let bytes = response.into_body().collect().await.map_err(Error::broken)?.to_bytes();
    Ok((state, String::from_utf8_lossy(&bytes).into_owned()))
}
