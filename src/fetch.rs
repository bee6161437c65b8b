//! Reading from addresses that people gave us, such as that of their calendar.
//!
//! Whoever gives an address makes this machine look there, so it must not lead to what only this machine can reach. Names
//! are resolved here, every address found is judged, and the connection is made to the very address that was judged: a
//! name that answers differently a moment later gains nothing. The same is done again for each redirect.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::header;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use url::{Host, Url};

/// How long all of it may take, redirects and all.
const PATIENCE: Duration = Duration::from_secs(10);
const REDIRECTS: usize = 3;

/// Why nothing came, as a sentence for whoever gave the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    NotAnAddress,
    Private,
    Unreachable,
    Answered(u16),
    TooLarge,
    TooSlow,
    TooManyRedirects,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnAddress => f.write_str("This is not an address that can be read: it should begin with https://."),
            Self::Private => f.write_str("This address lies in a private network, which is not read from here."),
            Self::Unreachable => f.write_str("Nothing answers at this address."),
            Self::Answered(code @ (401 | 403)) => write!(f, "This address wants a name and a password (it answered {code})."),
            Self::Answered(code @ (404 | 410)) => write!(f, "There is nothing at this address any more (it answered {code})."),
            Self::Answered(code) => write!(f, "This address answered with an error ({code})."),
            Self::TooLarge => f.write_str("What is at this address is too large."),
            Self::TooSlow => f.write_str("This address took too long to answer."),
            Self::TooManyRedirects => f.write_str("This address leads on and on to others."),
        }
    }
}

/// An address that can be read, also when it is given as calendars like to: `webcal://…`.
pub fn address(typed: &str) -> Result<Url, Trouble> {
    let typed = typed.trim();
    let typed = match typed.get(..9).map(str::to_ascii_lowercase).as_deref() {
        Some("webcal://") => format!("https://{}", &typed[9..]),
        _ => typed.to_owned(),
    };
    let url = Url::parse(&typed).map_err(|_| Trouble::NotAnAddress)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some_and(|h| !h.is_empty());
    // Ports of other protocols than the web's are not knocked at.
    let port = url.port_or_known_default().is_some_and(|p| matches!(p, 80 | 443) || p >= 1024);
    if matches!(url.scheme(), "http" | "https") && plain && port { Ok(url) } else { Err(Trouble::NotAnAddress) }
}

/// What is at an address, at most so many bytes. `private` lets it lie in a private network, for tests and intranets.
pub async fn fetch(url: &Url, private: bool, most: usize) -> Result<Bytes, Trouble> {
    tokio::time::timeout(PATIENCE, follow(url.clone(), private, most)).await.unwrap_or(Err(Trouble::TooSlow))
}

enum Answered {
    Body(Bytes),
    Elsewhere(Url),
}

async fn follow(mut url: Url, private: bool, most: usize) -> Result<Bytes, Trouble> {
    for _ in 0..=REDIRECTS {
        match ask(&url, private, most).await? {
            Answered::Body(body) => return Ok(body),
            Answered::Elsewhere(next) => url = next,
        }
    }
    Err(Trouble::TooManyRedirects)
}

async fn ask(url: &Url, private: bool, most: usize) -> Result<Answered, Trouble> {
    let stream = connect(url, private).await?;
    if url.scheme() != "https" {
        return converse(stream, url, most).await;
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| Trouble::NotAnAddress)?;
    let secured = tls().ok_or(Trouble::Unreachable)?.connect(name, stream).await.map_err(|_| Trouble::Unreachable)?;
    converse(secured, url, most).await
}

/// Connects to the first address of the host that may be read and answers.
async fn connect(url: &Url, private: bool) -> Result<TcpStream, Trouble> {
    let port = url.port_or_known_default().ok_or(Trouble::NotAnAddress)?;
    let all: Vec<SocketAddr> = match url.host().ok_or(Trouble::NotAnAddress)? {
        Host::Ipv4(ip) => vec![(ip, port).into()],
        Host::Ipv6(ip) => vec![(ip, port).into()],
        Host::Domain(name) => tokio::net::lookup_host((name, port)).await.map_err(|_| Trouble::Unreachable)?.take(8).collect(),
    };
    let may: Vec<SocketAddr> = all.into_iter().filter(|a| private || is_public(a.ip())).collect();
    if may.is_empty() {
        return Err(Trouble::Private);
    }
    for address in may {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(Trouble::Unreachable)
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, url: &Url, most: usize) -> Result<Answered, Trouble> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| Trouble::Unreachable)?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let request = hyper::Request::get(path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, concat!("Chiron/", env!("CARGO_PKG_VERSION")))
        .header(header::ACCEPT, "text/calendar, */*;q=0.5")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|_| Trouble::NotAnAddress)?;
    let asked = async {
        let response = sender.send_request(request).await.map_err(|_| Trouble::Unreachable)?;
        let code = response.status();
        if code.is_redirection() {
            let to = response.headers().get(header::LOCATION).and_then(|l| l.to_str().ok()).ok_or(Trouble::Answered(code.as_u16()))?;
            return address(url.join(to).map_err(|_| Trouble::NotAnAddress)?.as_str()).map(Answered::Elsewhere);
        }
        if !code.is_success() {
            return Err(Trouble::Answered(code.as_u16()));
        }
        let body = Limited::new(response.into_body(), most).collect().await;
        body.map(|b| Answered::Body(b.to_bytes()))
            .map_err(|e| if e.is::<http_body_util::LengthLimitError>() { Trouble::TooLarge } else { Trouble::Unreachable })
    };
    // The connection is driven beside what is asked over it, and dropped with it.
    tokio::pin!(asked);
    let mut connection = std::pin::pin!(connection);
    let mut is_open = true;
    loop {
        tokio::select! {
            answered = &mut asked => return answered,
            _ = &mut connection, if is_open => is_open = false,
        }
    }
}

fn tls() -> Option<tokio_rustls::TlsConnector> {
    static TLS: OnceLock<Option<Arc<rustls::ClientConfig>>> = OnceLock::new();
    let made = TLS.get_or_init(|| {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        Some(Arc::new(config.with_safe_default_protocol_versions().ok()?.with_root_certificates(roots).with_no_client_auth()))
    });
    made.clone().map(tokio_rustls::TlsConnector::from)
}

/// Whether an address belongs to the internet at large (IANA's registries of special-purpose addresses, RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        // Multicast, and what is reserved above it.
        || a >= 224
        // Shared between a provider and its customers.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        // The anycast of 6to4, and networks that measure.
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        // An address of the older kind within one of the newer: mapped, and translated.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(inner(high, low)),
        [0x2002, high, low, ..] => is_public_v4(inner(high, low)),
        // Tunnels, benchmarks and other special purposes; documentation.
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3ff0..=0x3fff, ..] => false,
        // All of the internet is in this eighth so far.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn what_only_this_machine_reaches_is_not_public() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "100::1",
        ] {
            assert!(!is_public(private.parse().expect("an address")), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "192.88.98.1",
            "2606:4700::1",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_read() {
        for wrong in [
            "",
            "ftp://example.org/x",
            "file:///etc/passwd",
            "https://",
            "https://a:b@example.org/",
            "http://example.org:22/",
            "gopher://x",
            "javascript:1",
            "/x",
        ] {
            assert_eq!(address(wrong), Err(Trouble::NotAnAddress), "{wrong}");
        }
        assert_eq!(address(" WEBCAL://example.org/a.ics ").expect("an address").as_str(), "https://example.org/a.ics");
        // However a number is written, it is the same address, and judged as that.
        for host in ["http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://[::ffff:7f00:1]/", "http://017700000001/"] {
            let url = address(host).expect("an address");
            let ip = match url.host() {
                Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
                Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
                _ => panic!("{host} is a name"),
            };
            assert!(!is_public(ip), "{host}");
        }
    }

    /// Answers every connection with what stands under the path that it asks for.
    async fn server(pages: &'static [(&'static str, &'static str)]) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let here = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 2000];
                let n = stream.read(&mut request).await.unwrap_or(0);
                let asked = String::from_utf8_lossy(&request[..n]).into_owned();
                let path = asked.split(' ').nth(1).unwrap_or_default();
                let answer = pages.iter().find(|(p, _)| *p == path).map_or("HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", |(_, a)| a);
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        here
    }

    #[tokio::test]
    async fn what_is_there_is_read_within_limits_and_redirects_are_judged_again() {
        let here = server(&[
            ("/a", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"),
            ("/endless", "HTTP/1.1 200 OK\r\n\r\n0123456789abcdef0123456789abcdef"),
            ("/to-a", "HTTP/1.1 302 Found\r\nlocation: /a\r\ncontent-length: 0\r\n\r\n"),
            ("/round", "HTTP/1.1 302 Found\r\nlocation: /round\r\ncontent-length: 0\r\n\r\n"),
            ("/out", "HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n"),
            ("/nowhere", "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n"),
        ])
        .await;
        let get = |path: &'static str| {
            let url = address(&format!("{here}{path}")).expect("an address");
            async move { fetch(&url, true, 20).await }
        };
        assert_eq!(get("/a").await.as_deref(), Ok(&b"hello"[..]));
        assert_eq!(get("/to-a").await.as_deref(), Ok(&b"hello"[..]));
        assert_eq!(get("/endless").await, Err(Trouble::TooLarge));
        assert_eq!(get("/round").await, Err(Trouble::TooManyRedirects));
        assert_eq!(get("/out").await, Err(Trouble::NotAnAddress));
        assert_eq!(get("/nowhere").await, Err(Trouble::Answered(302)));
        assert_eq!(get("/none").await, Err(Trouble::Answered(404)));
        for url in [format!("{here}/a"), here.replace("127.0.0.1", "localhost")] {
            assert_eq!(fetch(&address(&url).expect("an address"), false, 20).await, Err(Trouble::Private), "{url}");
        }
    }

    #[tokio::test]
    async fn what_is_private_is_not_even_knocked_at() {
        // A port at which nothing listens any more.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = address(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("an address");
        drop(listener);
        assert_eq!(connect(&url, false).await.map(|_| ()), Err(Trouble::Private));
        assert_eq!(connect(&url, true).await.map(|_| ()), Err(Trouble::Unreachable));
    }
}
