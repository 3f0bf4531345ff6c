//! Addresses as a person types them, and as servers name the next one (RFC 3986).

use super::NetError;

/// An address that can be opened: `http` or `https`, a host, and a place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether it is `https`.
    secure: bool,
    /// Name and password, as they stand in the address.
    user: Option<String>,
    /// The host in small letters; one of IPv6 with its brackets.
    host: String,
    port: Option<u16>,
    /// From the first `/` on, with the query and without the fragment.
    place: String,
}

/// Whether a text begins as an address of the web does: the terminal takes such an input for one.
///
/// ```
/// use seektell::net::is_address;
/// assert!(is_address("https://example.org/a.png") && is_address("HTTP://x"));
/// assert!(!is_address("https:/x") && !is_address("a.png") && !is_address("ftp://x"));
/// ```
pub fn is_address(text: &str) -> bool {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins("https://") || begins("http://")
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// `Scheme` for one that is not `http` or `https`, `Address` for everything else that is none.
    ///
    /// ```
    /// use seektell::net::Address;
    /// let address = Address::parse(" https://me:pw@Example.org:8443/a b?q=ü#top ").unwrap();
    /// assert_eq!(address.to_string(), "https://example.org:8443/a%20b?q=%C3%BC");
    /// assert_eq!(Address::parse("file:///etc/passwd").unwrap_err().to_string(), "only http and https are opened, not file");
    /// ```
    pub fn parse(text: &str) -> Result<Self, NetError> {
        let text = text.trim();
        let wrong = |what: &str| NetError::Address(what.into());
        if text.chars().any(char::is_control) {
            return Err(wrong("it has control characters"));
        }
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest))
                if is_scheme(scheme) && (rest.starts_with("//") || !rest.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                (scheme.to_ascii_lowercase(), rest)
            }
            _ => return Err(wrong("it begins with https:// or http://")),
        };
        let secure = match scheme.as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(NetError::Scheme(scheme)),
        };
        let rest = rest.strip_prefix("//").ok_or_else(|| wrong("// is missing behind the scheme"))?;
        Self::with_authority(secure, rest)
    }

    /// The part behind `//`.
    fn with_authority(secure: bool, rest: &str) -> Result<Self, NetError> {
        let wrong = |what: &str| NetError::Address(what.into());
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, place) = rest.split_at(end);
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()).filter(|user| !user.is_empty()), host),
            None => (None, authority),
        };
        if host.starts_with('[') && !host.contains(']') {
            return Err(wrong("the ] behind the host is missing"));
        }
        let (host, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((inside, port)) => {
                let known: std::net::Ipv6Addr =
                    inside.parse().map_err(|_| wrong("the host between [ and ] is no address of IPv6"))?;
                (format!("[{known}]"), port)
            }
            None => {
                let (host, port) = host.split_at(host.find(':').unwrap_or(host.len()));
                (host.to_ascii_lowercase(), port)
            }
        };
        let port = match port.strip_prefix(':') {
            None | Some("") if port.len() <= 1 => None,
            Some(digits) => {
                Some(digits.parse().ok().filter(|&port| port > 0).ok_or_else(|| wrong("the port is no number from 1 to 65535"))?)
            }
            None => return Err(wrong("there is something between the host and the port")),
        };
        if host.is_empty() {
            return Err(wrong("the host is missing"));
        }
        if !host.is_ascii() {
            return Err(wrong("a host with other letters than ASCII's is written in its xn-- form"));
        }
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if !host.starts_with('[') && !host.chars().all(known) {
            return Err(wrong("the host has characters that no host has"));
        }
        Ok(Self { secure, user, host, port, place: clean(place) })
    }

    /// The address that a server names, read from here: whole, or from the host, the root or the folder on. Name and password
    /// stay with the server that they were given to.
    ///
    /// # Errors
    /// Those of [`Address::parse`].
    pub fn join(&self, location: &str) -> Result<Self, NetError> {
        let location = location.trim();
        let mut next = match location {
            _ if location.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) => Self::parse(location)?,
            _ if location.starts_with("//") => Self::with_authority(self.secure, &location[2..])?,
            _ => {
                let here = self.place.split('?').next().unwrap_or("/");
                let place = match location.chars().next() {
                    None | Some('#') => self.place.clone(),
                    Some('/') => location.to_owned(),
                    Some('?') => format!("{here}{location}"),
                    Some(_) => format!("{}{location}", &here[..here.rfind('/').map_or(0, |at| at + 1)]),
                };
                Self { place: clean(&place), user: None, ..self.clone() }
            }
        };
        next.user = if next.same_server(self) { self.user.clone() } else { None };
        Ok(next)
    }

    /// Whether both are the same scheme, host and port.
    pub fn same_server(&self, other: &Self) -> bool {
        (self.secure, &self.host, self.port()) == (other.secure, &other.host, other.port())
    }

    /// Whether it is `https`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own where none is said.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// Name and password, as `name:password`, with percent signs resolved.
    pub fn user(&self) -> Option<Vec<u8>> {
        self.user.as_deref().map(super::name::percent_decoded)
    }

    /// The last part of the path, with percent signs resolved; empty for a folder.
    pub fn file_name(&self) -> String {
        let path = self.place.split('?').next().unwrap_or_default();
        let last = path.rsplit('/').next().unwrap_or_default();
        String::from_utf8_lossy(&super::name::percent_decoded(last)).into_owned()
    }
}

impl std::fmt::Display for Address {
    /// Without name and password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.place)
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// A path and a query as a request names them: with a root, without a fragment, `.` and `..` resolved, and everything that may
/// not stand there as percent signs.
fn clean(place: &str) -> String {
    let place = place.split('#').next().unwrap_or_default();
    let (path, query) = match place.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (place, None),
    };
    let mut parts: Vec<&str> = Vec::new();
    let folder = path.ends_with(['/', '\\']) || path.ends_with("/.") || path.ends_with("/..");
    for part in path.split(['/', '\\']).skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let mut clean = format!("/{}", parts.join("/"));
    if folder && !clean.ends_with('/') {
        clean.push('/');
    }
    if let Some(query) = query {
        clean.push('?');
        clean.push_str(query);
    }
    let mut safe = String::with_capacity(clean.len());
    for byte in clean.bytes() {
        match byte {
            b'!'..=b'~' if !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}') => {
                safe.push(byte.into());
            }
            _ => safe.push_str(&format!("%{byte:02X}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, location: &str) -> String {
        Address::parse(base).unwrap().join(location).map_or_else(|error| error.to_string(), |next| next.to_string())
    }

    #[test]
    fn a_server_names_the_next_address_in_every_way() {
        let base = "https://a.org/b/c/d?q#f";
        for (location, next) in [
            ("g", "https://a.org/b/c/g"),
            ("./g/", "https://a.org/b/c/g/"),
            ("../g", "https://a.org/b/g"),
            ("../../../../g", "https://a.org/g"),
            ("/g?x#y", "https://a.org/g?x"),
            ("?y", "https://a.org/b/c/d?y"),
            ("#s", "https://a.org/b/c/d?q"),
            ("", "https://a.org/b/c/d?q"),
            ("//h.org/x", "https://h.org/x"),
            ("http://h.org", "http://h.org/"),
            ("ftp://h.org/x", "only http and https are opened, not ftp"),
            ("javascript:alert(1)", "only http and https are opened, not javascript"),
        ] {
            assert_eq!(joined(base, location), next, "{location:?}");
        }
    }

    #[test]
    fn names_and_passwords_stay_with_their_server() {
        let base = Address::parse("http://me:p%40w@a.org/x").unwrap();
        assert_eq!(base.user().unwrap(), b"me:p@w");
        assert_eq!(base.to_string(), "http://a.org/x", "they are not shown");
        assert!(base.join("/y").unwrap().user().is_some());
        assert!(base.join("http://A.org:80/y").unwrap().user().is_some());
        for other in ["http://b.org/", "https://a.org/", "http://a.org:81/", "//evil@b.org/", "http://you:there@b.org/"] {
            assert!(base.join(other).unwrap().user().is_none(), "{other}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        for (text, word) in [
            ("", "begins with"),
            ("example.org", "begins with"),
            ("http:/x", "// is missing"),
            ("http:///x", "host is missing"),
            ("http://", "host is missing"),
            ("http://a b/", "characters that no host has"),
            ("http://münchen.de/", "xn--"),
            ("http://a:99999/", "port"),
            ("http://a:0/", "port"),
            ("http://[::1/", "] behind the host"),
            ("http://[zz]/", "IPv6"),
            ("http://a/\r\nX: y", "control"),
            ("data:text/plain,x", "not data"),
        ] {
            let error = Address::parse(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text:?}: {error}");
        }
        assert_eq!(Address::parse("http://[::1]:8/").unwrap().to_string(), "http://[::1]:8/");
        assert_eq!(Address::parse("http://a\\@b/").unwrap().host(), "a", "a backslash ends the host, as browsers have it");
    }
}
