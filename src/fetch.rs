//! Reading from addresses that people gave us, such as that of their calendar.
//!
//! Whoever gives an address makes this machine look there, so it must not lead to what only this machine can reach. Names
//! are resolved here, every address found is judged, and the connection is made to the very address that was judged: a
//! name that answers differently a moment later gains nothing. The same is done again for each redirect.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::header;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
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
    /// What vouches for the server is no good.
    Certificate(Fault),
    /// The file with the place's own authority cannot be read.
    Authority,
    Answered(u16),
    TooLarge,
    TooSlow,
    TooManyRedirects,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Expired,
    OtherName,
    Unknown,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnAddress => f.write_str("This is not an address that can be read: it should begin with https://."),
            Self::Private => f.write_str("This address lies in a private network, which is not read from here."),
            Self::Unreachable => f.write_str("Nothing answers at this address."),
            Self::Certificate(Fault::Expired) => {
                f.write_str("The certificate of this address has expired, so it is not read. Whoever runs that server has to renew it.")
            }
            Self::Certificate(Fault::OtherName) => {
                f.write_str("The certificate of this address is made out to another name, so it is not read. Check how the name is written.")
            }
            Self::Certificate(Fault::Unknown) => f.write_str(
                "The certificate of this address is signed by nobody we know, so it is not read. Whoever runs this place can name its authority.",
            ),
            Self::Authority => f.write_str("It is not read now: whoever runs this place has to mend how certificates are checked."),
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

/// How far one reaches: which machines may be asked, and whose word for them is taken.
#[derive(Clone)]
pub struct Reach {
    may: fn(IpAddr) -> bool,
    tls: tokio_rustls::TlsConnector,
}

impl Reach {
    /// `private` lets addresses lie in a private network, for intranets. `authority`: certificates in PEM form, of which any may
    /// vouch for a server besides the public ones.
    pub fn new(private: bool, authority: Option<&[u8]>) -> Result<Self, Trouble> {
        Ok(Self { may: if private { |_| true } else { is_public }, tls: tls(authority)? })
    }
    /// As a place has chosen.
    pub fn of(config: &crate::config::Config) -> Result<Self, Trouble> {
        let authority = config.calendar_ca_file.as_ref().map(std::fs::read).transpose();
        let authority = authority.inspect_err(|e| tracing::error!("the file of CHIRON_CALENDAR_CA_FILE cannot be read: {e}"));
        Self::new(config.private_calendars, authority.map_err(|_| Trouble::Authority)?.as_deref())
    }
}

/// What is at an address, at most so many bytes.
pub async fn fetch(url: &Url, reach: &Reach, most: usize) -> Result<Bytes, Trouble> {
    tokio::time::timeout(PATIENCE, follow(url.clone(), reach, most)).await.unwrap_or(Err(Trouble::TooSlow))
}

enum Answered {
    Body(Bytes),
    Elsewhere(Url),
}

async fn follow(mut url: Url, reach: &Reach, most: usize) -> Result<Bytes, Trouble> {
    for _ in 0..=REDIRECTS {
        match ask(&url, reach, most).await? {
            Answered::Body(body) => return Ok(body),
            Answered::Elsewhere(next) => url = next,
        }
    }
    Err(Trouble::TooManyRedirects)
}

async fn ask(url: &Url, reach: &Reach, most: usize) -> Result<Answered, Trouble> {
    let stream = connect(url, reach).await?;
    if url.scheme() != "https" {
        return converse(stream, url, most).await;
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| Trouble::NotAnAddress)?;
    let secured = reach.tls.connect(name, stream).await.map_err(|e| in_words(&e))?;
    converse(secured, url, most).await
}

/// Connects to the first address of the host that may be read and answers.
async fn connect(url: &Url, reach: &Reach) -> Result<TcpStream, Trouble> {
    let port = url.port_or_known_default().ok_or(Trouble::NotAnAddress)?;
    let all: Vec<SocketAddr> = match url.host().ok_or(Trouble::NotAnAddress)? {
        Host::Ipv4(ip) => vec![(ip, port).into()],
        Host::Ipv6(ip) => vec![(ip, port).into()],
        Host::Domain(name) => tokio::net::lookup_host((name, port)).await.map_err(|_| Trouble::Unreachable)?.take(8).collect(),
    };
    let may: Vec<SocketAddr> = all.into_iter().filter(|a| (reach.may)(a.ip())).collect();
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

fn tls(authority: Option<&[u8]>) -> Result<tokio_rustls::TlsConnector, Trouble> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in authority.into_iter().flat_map(CertificateDer::pem_slice_iter) {
        roots.add(certificate.map_err(|_| Trouble::Authority)?).map_err(|_| Trouble::Authority)?;
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(|_| Trouble::Authority)?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()).into())
}

/// Why no secure connection came about.
fn in_words(e: &std::io::Error) -> Trouble {
    use rustls::CertificateError as Wrong;
    let fault = e.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::InvalidCertificate(fault)) = fault else { return Trouble::Unreachable };
    Trouble::Certificate(match fault {
        Wrong::Expired | Wrong::ExpiredContext { .. } => Fault::Expired,
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => Fault::OtherName,
        _ => Fault::Unknown,
    })
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
    use crate::mail::sink::{AUTHORITY, Certificate};
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

    fn everywhere() -> Reach {
        Reach::new(true, None).expect("a reach")
    }
    fn in_public() -> Reach {
        Reach::new(false, None).expect("a reach")
    }

    /// Answers every connection over TLS with the same, and shows this certificate.
    async fn secured(certificate: Certificate, answer: String) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let here = format!("https://{}/a.ics", listener.local_addr().expect("an address"));
        let acceptor = tokio_rustls::TlsAcceptor::from(certificate.config());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let _ = stream.read(&mut [0; 2000]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        here
    }

    #[tokio::test]
    async fn a_server_is_believed_whose_certificate_somebody_known_has_signed() {
        let calendar = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".to_owned();
        let ours = Reach::new(true, Some(AUTHORITY)).expect("a reach");
        for (certificate, reach, said) in [
            (Certificate::Here, &ours, Ok(())),
            (Certificate::Here, &everywhere(), Err("signed by nobody we know")),
            (Certificate::Elsewhere, &ours, Err("made out to another name")),
            (Certificate::Expired, &ours, Err("has expired")),
        ] {
            let here = secured(certificate, calendar.clone()).await;
            let read = fetch(&address(&here).expect("an address"), reach, 20).await;
            match (&read, said) {
                (Ok(body), Ok(())) => assert_eq!(&body[..], b"hello"),
                (Err(trouble), Err(words)) => assert!(trouble.to_string().contains(words), "{trouble}"),
                _ => panic!("{certificate:?}: {read:?}"),
            }
        }
        assert_eq!(
            Reach::new(true, Some(b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")).err(),
            Some(Trouble::Authority)
        );
    }

    #[tokio::test]
    async fn who_leads_from_a_public_server_to_a_private_one_is_not_followed() {
        // Only the first of the two is of the internet at large, as far as this test is concerned.
        let may: fn(IpAddr) -> bool = |ip| ip == IpAddr::V4(Ipv4Addr::LOCALHOST);
        let reach = Reach { may, ..Reach::new(false, Some(AUTHORITY)).expect("a reach") };
        let leads_to = |to: &str| format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
        let listener = tokio::net::TcpListener::bind("127.0.0.2:0").await.expect("a port");
        let hidden = listener.local_addr().expect("an address");
        for to in
            [format!("http://{hidden}/"), format!("https://{hidden}/"), "http://169.254.169.254/latest".into(), "http://[::1]/".into()]
        {
            let here = secured(Certificate::Here, leads_to(&to)).await;
            assert_eq!(fetch(&address(&here).expect("an address"), &reach, 20).await, Err(Trouble::Private), "{to}");
        }
        let nobody_knocked = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
        assert!(nobody_knocked.is_err());
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
            async move { fetch(&url, &everywhere(), 20).await }
        };
        assert_eq!(get("/a").await.as_deref(), Ok(&b"hello"[..]));
        assert_eq!(get("/to-a").await.as_deref(), Ok(&b"hello"[..]));
        assert_eq!(get("/endless").await, Err(Trouble::TooLarge));
        assert_eq!(get("/round").await, Err(Trouble::TooManyRedirects));
        assert_eq!(get("/out").await, Err(Trouble::NotAnAddress));
        assert_eq!(get("/nowhere").await, Err(Trouble::Answered(302)));
        assert_eq!(get("/none").await, Err(Trouble::Answered(404)));
        for url in [format!("{here}/a"), here.replace("127.0.0.1", "localhost")] {
            assert_eq!(fetch(&address(&url).expect("an address"), &in_public(), 20).await, Err(Trouble::Private), "{url}");
        }
    }

    #[tokio::test]
    async fn what_is_private_is_not_even_knocked_at() {
        // A port at which nothing listens any more.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = address(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("an address");
        drop(listener);
        assert_eq!(connect(&url, &in_public()).await.map(|_| ()), Err(Trouble::Private));
        assert_eq!(connect(&url, &everywhere()).await.map(|_| ()), Err(Trouble::Unreachable));
    }
}
