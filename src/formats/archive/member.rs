//! What an archive says of one of its members.

use super::Risk;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic or hard link.
    Link,
    /// A device, a pipe, or a record that is no file.
    Other,
}

impl What {
    /// Its name.
    ///
    /// ```
    /// assert_eq!(seektell::formats::archive::What::Link.name(), "link");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Other => "other",
        }
    }
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The bytes of its name.
    pub raw_name: Vec<u8>,
    /// Its name in characters, as the archive says them.
    pub name: String,
    /// What it is.
    pub what: What,
    /// Its size, as the archive claims.
    pub size: u64,
    /// Bytes that it takes in the archive.
    pub packed: u64,
    /// When it was changed last, as the archive says it: `2026-04-25 10:30:02`, in UTC where it says so, and in the time of
    /// whoever packed it otherwise; `None` where nothing is said.
    pub modified: Option<String>,
    /// How its bytes are packed: "Stored", "Deflated".
    pub method: String,
    /// Whether they can be unpacked here.
    pub supported: bool,
    /// Whether a password is needed.
    pub encrypted: bool,
    /// Why it is not to be written under its name.
    pub risk: Option<Risk>,
    /// What else is wrong with it, in words.
    pub problems: Vec<String>,
    /// Where the content of a tar's member is; of a ZIP, its number.
    pub(super) place: u64,
}

impl Member {
    /// The least that a member may unpack to before anybody asks whether it shall.
    const LEAST: u64 = 64 << 20;

    /// The most.
    const MOST: u64 = 512 << 20;

    /// How many times its packed size honest data is at most.
    const RATIO: u64 = 200;

    /// Bytes that the member may unpack to if nobody says more: 200 times what it takes in the archive, but at least 64 MiB and
    /// at most 512 MiB.
    pub fn usual_budget(&self) -> u64 {
        self.packed.saturating_mul(Self::RATIO).clamp(Self::LEAST, Self::MOST)
    }

    /// Whether it has bytes that can be had.
    pub fn can_open(&self) -> bool {
        self.what == What::File && self.supported && !self.encrypted
    }

    /// All that is to be said against it, a remark each.
    pub fn remarks(&self) -> Vec<String> {
        let risk = self.risk.map(|risk| format!("unsafe: {}", risk.words()));
        let encrypted = self.encrypted.then(|| "encrypted".to_owned());
        let method = (!self.supported).then(|| format!("packed with {}, which is not supported", self.method));
        risk.into_iter().chain(encrypted).chain(method).chain(self.problems.iter().cloned()).collect()
    }

    /// The last part of its name, which a document made of it is called by.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(&self.name)
    }
}
