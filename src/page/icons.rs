//! A small set of our own icons: 20 by 20, one stroke, drawn in the colour of the text.

use maud::Render;

/// An icon is decoration: it is hidden from screen readers, so words always stand beside it
/// (or in the button's `hidden_label`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Today,
    Find,
    Letter,
    People,
    Bell,
    Eye,
    Lock,
    Clock,
    Check,
    Cross,
    Plus,
    Minus,
    Left,
    Right,
    Down,
    Up,
    More,
    Pencil,
    Bin,
    Send,
    Calendar,
    Leaf,
    Goal,
    Book,
    Speech,
    Heart,
    Warning,
    Info,
    Copy,
    Photo,
    Paperclip,
    Gear,
    Door,
    Star,
    Undo,
    Video,
    Pin,
    Globe,
    Key,
    Download,
    Compass,
    Filter,
    Sun,
    Moon,
}

impl Icon {
    pub const ALL: [Icon; 44] = [
        Icon::Today,
        Icon::Find,
        Icon::Letter,
        Icon::People,
        Icon::Bell,
        Icon::Eye,
        Icon::Lock,
        Icon::Clock,
        Icon::Check,
        Icon::Cross,
        Icon::Plus,
        Icon::Minus,
        Icon::Left,
        Icon::Right,
        Icon::Down,
        Icon::Up,
        Icon::More,
        Icon::Pencil,
        Icon::Bin,
        Icon::Send,
        Icon::Calendar,
        Icon::Leaf,
        Icon::Goal,
        Icon::Book,
        Icon::Speech,
        Icon::Heart,
        Icon::Warning,
        Icon::Info,
        Icon::Copy,
        Icon::Photo,
        Icon::Paperclip,
        Icon::Gear,
        Icon::Door,
        Icon::Star,
        Icon::Undo,
        Icon::Video,
        Icon::Pin,
        Icon::Globe,
        Icon::Key,
        Icon::Download,
        Icon::Compass,
        Icon::Filter,
        Icon::Sun,
        Icon::Moon,
    ];

    fn shape(self) -> &'static str {
        match self {
            // A lamp on a desk: the sign of home here.
            Icon::Today => r#"<path d="M5.5 10.5 10 3l4.5 7.5z"/><path d="M10 10.5V17M6.5 17h7"/>"#,
            Icon::Find => r#"<circle cx="9" cy="9" r="5.25"/><path d="m13 13 4 4"/>"#,
            Icon::Letter => r#"<rect x="2.75" y="4.5" width="14.5" height="11" rx="2"/><path d="m3.5 6 6.5 5 6.5-5"/>"#,
            Icon::People => {
                r#"<circle cx="7.5" cy="7" r="2.75"/><path d="M2.5 16c.4-3 2.3-4.5 5-4.5s4.600 1.500 5 4.500"/><path d="M12.500 4.600a2.500 2.500 0 0 1 0 4.800M14.500 12c1.700.500 2.700 1.800 3 4"/>"#
            }
            Icon::Bell => {
                r#"<path d="M4.500 14c1-1 1.250-2.250 1.250-5a4.250 4.250 0 0 1 8.500 0c0 2.750.25 4 1.250 5zM8.250 16.500c.5.900 3 .900 3.500 0"/>"#
            }
            Icon::Eye => {
                r#"<path d="M2 10c2-3.500 4.700-5.250 8-5.250S16 6.500 18 10c-2 3.500-4.700 5.250-8 5.250S4 13.500 2 10z"/><circle cx="10" cy="10" r="2.250"/>"#
            }
            Icon::Lock => r#"<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M6.750 9V6.500a3.250 3.250 0 0 1 6.500 0V9"/>"#,
            Icon::Clock => r#"<circle cx="10" cy="10" r="7.250"/><path d="M10 5.750V10l2.750 2"/>"#,
            Icon::Check => r#"<path d="m4 10.500 4 4 8-9"/>"#,
            Icon::Cross => r#"<path d="m5 5 10 10M15 5 5 15"/>"#,
            Icon::Plus => r#"<path d="M10 4v12M4 10h12"/>"#,
            Icon::Minus => r#"<path d="M4 10h12"/>"#,
            Icon::Left => r#"<path d="m12 4.500-5.500 5.500 5.500 5.500"/>"#,
            Icon::Right => r#"<path d="m8 4.500 5.500 5.500L8 15.500"/>"#,
            Icon::Down => r#"<path d="m4.500 7.500 5.500 5.500 5.500-5.500"/>"#,
            Icon::Up => r#"<path d="M4.500 12.500 10 7l5.500 5.500"/>"#,
            Icon::More => r#"<path d="M4.500 10h.01M10 10h.01M15.500 10h.01" stroke-width="2.600"/>"#,
            Icon::Pencil => {
                r#"<path d="m3.500 16.500.75-3.500L13 4.250c.7-.7 1.800-.7 2.500 0s.7 1.800 0 2.500L6.750 15.500zM11.500 5.750l2.750 2.750"/>"#
            }
            Icon::Bin => r#"<path d="M3.500 5.500h13M7.500 5.500v-2h5v2M5 5.500l.75 11h8.500l.75-11M8.500 8.500v5M11.500 8.500v5"/>"#,
            Icon::Send => r#"<path d="M17 3 2.750 8.500l5.500 3.250L11.500 17.250z"/><path d="M17 3 8.250 11.750"/>"#,
            Icon::Calendar => r#"<rect x="3" y="4.500" width="14" height="12.500" rx="2"/><path d="M3 8.500h14M7 2.750V6M13 2.750V6"/>"#,
            Icon::Leaf => r#"<path d="M4 16c0-7 4-11 12.500-12C16.500 12 12 16 6 14.500"/><path d="M3.500 17C6 12.500 8.500 10 12 8"/>"#,
            Icon::Goal => r#"<path d="M5 17.250V3.500M5 4.250c3-1.500 5.500 1.500 10.500 0v7c-5 1.500-7.500-1.500-10.500 0"/>"#,
            Icon::Book => {
                r#"<path d="M10 5.250C8 3.900 5.500 3.500 2.750 3.750v11.500C5.500 15 8 15.400 10 16.750c2-1.350 4.500-1.750 7.250-1.500V3.750C14.500 3.500 12 3.900 10 5.250zm0 0v11.500"/>"#
            }
            Icon::Speech => {
                r#"<path d="M17.250 9.500c0 3.300-3.200 5.750-7.250 5.750-.9 0-1.800-.1-2.600-.35L3.500 16.500l.9-3.100C3.300 12.300 2.750 11 2.750 9.500c0-3.300 3.200-5.750 7.250-5.750s7.250 2.450 7.250 5.750z"/>"#
            }
            Icon::Heart => {
                r#"<path d="M10 16.500C5 13 2.750 10.300 2.750 7.600c0-2 1.500-3.600 3.500-3.600 1.600 0 2.900.9 3.750 2.400C10.850 4.900 12.150 4 13.750 4c2 0 3.500 1.600 3.500 3.600 0 2.700-2.250 5.400-7.250 8.900z"/>"#
            }
            Icon::Warning => r#"<path d="M10 3.250 17.750 16.500H2.250zM10 8v4M10 14.250h.01"/>"#,
            Icon::Info => r#"<circle cx="10" cy="10" r="7.250"/><path d="M10 9.250V14M10 6.500h.01"/>"#,
            Icon::Copy => {
                r#"<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 7V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v6a2 2 0 0 0 2 2h2"/>"#
            }
            Icon::Photo => {
                r#"<rect x="2.750" y="4" width="14.500" height="12" rx="2"/><circle cx="7" cy="8" r="1.250"/><path d="m3 14 4-3.500 3 2.500 3.500-3.500 3.750 3.500"/>"#
            }
            Icon::Paperclip => {
                r#"<path d="m15.500 9-5.700 5.700a3.300 3.300 0 0 1-4.700-4.700l5.900-5.900a2.200 2.200 0 0 1 3.150 3.150l-5.800 5.800a1.100 1.100 0 0 1-1.600-1.600l5.100-5.100"/>"#
            }
            Icon::Gear => {
                r#"<circle cx="10" cy="10" r="2.500"/><path d="M10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M4.700 15.300l1.400-1.400M13.900 6.100l1.400-1.400"/>"#
            }
            Icon::Door => {
                r#"<path d="M11.500 17H5a1.500 1.500 0 0 1-1.500-1.500v-11A1.500 1.500 0 0 1 5 3h6.500M9 10h8M14 6.750 17.250 10 14 13.250"/>"#
            }
            Icon::Star => r#"<path d="m10 3 2.100 4.500 4.900.6-3.600 3.400.9 4.900L10 14l-4.300 2.400.9-4.900L3 8.100l4.900-.6z"/>"#,
            Icon::Undo => r#"<path d="M7 4 3.500 7.500 7 11M3.500 7.500h8a4.500 4.500 0 0 1 0 9H7"/>"#,
            Icon::Video => r#"<rect x="2.250" y="5" width="10.500" height="10" rx="2"/><path d="m12.750 9 5-3v8l-5-3"/>"#,
            Icon::Pin => {
                r#"<path d="M10 17.500c-3.700-4-5.500-6.800-5.500-9.250a5.500 5.500 0 0 1 11 0c0 2.450-1.800 5.250-5.500 9.250z"/><circle cx="10" cy="8.250" r="2"/>"#
            }
            Icon::Globe => {
                r#"<circle cx="10" cy="10" r="7.250"/><path d="M2.750 10h14.500M10 2.750c4 4 4 10.500 0 14.500-4-4-4-10.500 0-14.500z"/>"#
            }
            Icon::Key => r#"<circle cx="6.500" cy="13.500" r="3.500"/><path d="m9 11 7.500-7.500M13.500 6.500l2.500 2.500"/>"#,
            Icon::Download => r#"<path d="M10 3v9.500M6 9l4 4 4-4M3.500 16.750h13"/>"#,
            Icon::Compass => r#"<circle cx="10" cy="10" r="7.250"/><path d="m13 7-1.700 4.300L7 13l1.700-4.300z"/>"#,
            Icon::Filter => r#"<path d="M3 5.500h14M5.500 10h9M8 14.500h4"/>"#,
            Icon::Sun => {
                r#"<circle cx="10" cy="10" r="3.250"/><path d="M10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1"/>"#
            }
            Icon::Moon => r#"<path d="M16.500 12A7 7 0 0 1 8 3.500 7 7 0 1 0 16.500 12z"/>"#,
        }
    }
}

impl Render for Icon {
    /// Straight into the page, which may have a hundred of them.
    fn render_to(&self, page: &mut String) {
        page.push_str(r#"<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">"#);
        page.push_str(self.shape());
        page.push_str("</svg>");
    }
}
