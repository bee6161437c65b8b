//! The listener: connections with limits on how slowly a client may speak, and an end that answers everything begun.

use crate::app::App;
use crate::error::{Error, Result};
use axum::extract::connect_info::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutStream;
use tower::Service;

/// A head that is not whole after this long is given up: half-sent heads cost an attacker nothing and us a connection.
const HEAD: Duration = Duration::from_secs(10);
/// How long a client may take nothing of what we send before it is let go: who asks for much and never reads it would hold
/// it in our memory.
const READING: Duration = Duration::from_secs(30);
/// How often what connections and pages have used and nobody needs any more goes back to the system.
const GIVE_BACK: Duration = Duration::from_secs(30);
/// How long requests in flight may take to end once we stop.
const DRAIN: Duration = Duration::from_secs(8);

/// Binds the address, with a sentence that names the setting when that fails.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.map_err(|e| {
        let why = match e.kind() {
            std::io::ErrorKind::AddrInUse => "something else is listening there already; choose another with --listen".to_owned(),
            std::io::ErrorKind::PermissionDenied => "that port is for the system; choose one above 1023 with --listen".to_owned(),
            std::io::ErrorKind::AddrNotAvailable => "this machine has no such address; see --listen".to_owned(),
            _ => e.to_string(),
        };
        Error::broken(format!("cannot listen on {listen}: {why}"))
    })
}

/// Serves until the application is stopping; then takes no new connection, answers every request that was begun, and
/// returns. What has not ended by then is cut.
pub async fn serve(app: App, listener: TcpListener) -> Result<()> {
    serve_readers(app, listener, READING).await
}

async fn serve_readers(app: App, listener: TcpListener, reading: Duration) -> Result<()> {
    let router = crate::web::router(&app);
    let mut stop = app.stopping.subscribe();
    let drain = GracefulShutdown::new();
    // Browsers speak HTTP/2 with TLS only, and TLS ends at the proxy in front of us, which speaks HTTP/1.1 to us.
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 << 10);
    loop {
        let (stream, peer) = tokio::select! {
            _ = stop.wait_for(|stopping| *stopping) => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(e) => {
                    // Out of file descriptors, most likely: the ones in use will come back.
                    tracing::warn!("a connection could not be taken: {e}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request)
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(reading));
        let connection = server.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = drain.watch(connection);
        tokio::spawn(async move {
            // A client that goes away in the middle is not news.
            let _ = connection.await;
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, drain.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end within {DRAIN:?} and were cut");
    }
    Ok(())
}

/// Gives freed memory back to the system now and then, for as long as the program runs: on a thread of its own, because
/// whoever allocates on that thread meanwhile waits.
pub async fn give_memory_back() {
    let mut rhythm = tokio::time::interval(GIVE_BACK);
    rhythm.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        rhythm.tick().await;
        let _ = tokio::task::spawn_blocking(chiron_memory::give_back).await;
    }
}

/// Waits for the first signal to stop, then says so to the application. A second signal ends the program at once.
pub async fn stop_on_signal(app: App) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    tracing::info!("stopping: answering what was begun");
    app.stopping.send_replace(true);
    tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    tracing::warn!("stopped at once");
    std::process::exit(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::story;
    use tokio::io::AsyncWriteExt;

    #[test]
    fn who_reads_nothing_of_what_they_asked_for_is_let_go() {
        story(|s| {
            let app = s.app().clone();
            s.waits(async {
                let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a listener");
                let at = listener.local_addr().expect("an address");
                let asks_and_waits = async {
                    let mut stream = tokio::net::TcpStream::connect(at).await.expect("a connection");
                    // More than the system keeps on both sides of a connection for whoever may read it later.
                    let ask = format!("GET {} HTTP/1.1\r\nHost: {at}\r\n\r\n", crate::assets::url("fonts/inter-latin.woff2"));
                    stream.write_all(ask.repeat(800).as_bytes()).await.expect("it asks");
                    // A connection that the other side has ended says so to whoever goes on writing.
                    while !stream.try_write(b"G").is_err_and(|e| e.kind() != std::io::ErrorKind::WouldBlock) {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                };
                tokio::select! {
                    _ = serve_readers(app, listener, Duration::from_millis(200)) => panic!("nobody has stopped it"),
                    let_go = tokio::time::timeout(Duration::from_secs(60), asks_and_waits) => assert!(let_go.is_ok(), "it is still held"),
                }
            });
        });
    }
}
