//! The hash functions by name.

use super::parameters::{Crc, Running};
use super::presets::{PRESETS, preset};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Algorithm {
    Crc(Crc),
    Adler32,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_256,
    Sha3_512,
    Blake3,
}

impl Algorithm {
    /// CRC-32 as in ZIP, gzip and PNG.
    pub const CRC32: Self =
        Self::Crc(Crc { width: 32, poly: 0x04C1_1DB7, init: 0xFFFF_FFFF, refin: true, refout: true, xorout: 0xFFFF_FFFF });

    /// Those that are offered by themselves, in the order in which they are shown.
    pub const COMMON: [Self; 11] = [
        Self::CRC32,
        Self::Adler32,
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Sha3_256,
        Self::Sha3_512,
        Self::Blake3,
    ];

    /// The name by which [`Algorithm::named`] finds it; what is kept in settings and typed in a terminal.
    pub fn id(self) -> String {
        match self {
            Self::CRC32 => "crc32".into(),
            Self::Crc(crc) => PRESETS
                .iter()
                .find(|preset| preset.crc == crc)
                .map_or_else(|| format!("crc:{crc}"), |preset| preset.name.to_owned()),
            Self::Adler32 => "adler32".into(),
            Self::Md5 => "md5".into(),
            Self::Sha1 => "sha1".into(),
            Self::Sha224 => "sha224".into(),
            Self::Sha256 => "sha256".into(),
            Self::Sha384 => "sha384".into(),
            Self::Sha512 => "sha512".into(),
            Self::Sha3_256 => "sha3-256".into(),
            Self::Sha3_512 => "sha3-512".into(),
            Self::Blake3 => "blake3".into(),
        }
    }

    /// What people call it: "SHA-256", "CRC-16/XMODEM".
    pub fn label(self) -> String {
        match self {
            Self::CRC32 => "CRC-32".into(),
            Self::Crc(crc) if PRESETS.iter().all(|preset| preset.crc != crc) => {
                format!("CRC-{} 0x{:X}", crc.width, crc.poly)
            }
            Self::Adler32 => "Adler-32".into(),
            Self::Md5 => "MD5".into(),
            Self::Sha1 => "SHA-1".into(),
            Self::Sha224 | Self::Sha256 | Self::Sha384 | Self::Sha512 => self.id().to_uppercase().replace("SHA", "SHA-"),
            _ => self.id().to_uppercase(),
        }
    }

    /// The name in the tagged lines of coreutils: "SHA256".
    pub fn tag(self) -> String {
        self.id().to_uppercase()
    }

    /// The function with a name: an [`Algorithm::id`] in any case and with or without its hyphen, a CRC of the catalogue, or
    /// `crc:` with the parameters that [`Crc::parse`] takes. The error says what is wrong.
    ///
    /// ```
    /// use seektell::explore::hash::Algorithm;
    /// assert_eq!(Algorithm::named("SHA-256"), Ok(Algorithm::Sha256));
    /// assert_eq!(Algorithm::named("crc-32/iso-hdlc"), Ok(Algorithm::CRC32));
    /// assert!(Algorithm::named("sha2048").is_err());
    /// ```
    pub fn named(name: &str) -> Result<Self, String> {
        let lower = name.trim().to_ascii_lowercase();
        if let Some(parameters) = lower.strip_prefix("crc:") {
            return Crc::parse(parameters).map(Self::Crc);
        }
        let plain = |text: &str| text.replace(['-', '_'], "");
        if let Some(found) = Self::COMMON.into_iter().find(|one| plain(&one.id()) == plain(&lower)) {
            return Ok(found);
        }
        preset(&lower).map(|preset| Self::Crc(preset.crc)).ok_or_else(|| {
            format!(
                "{} is no hash function known here: there are sha256, blake3, md5, crc32, crc-16/xmodem and more",
                name.trim()
            )
        })
    }

    /// Hexadecimal digits of its digest.
    pub fn digits(self) -> usize {
        match self {
            Self::Crc(crc) => crc.digits(),
            Self::Adler32 => 8,
            Self::Md5 => 32,
            Self::Sha1 => 40,
            Self::Sha224 => 56,
            Self::Sha256 | Self::Sha3_256 | Self::Blake3 => 64,
            Self::Sha384 => 96,
            Self::Sha512 | Self::Sha3_512 => 128,
        }
    }

    /// About how much work a byte is, to start with the slowest.
    pub(super) fn cost(self) -> u8 {
        match self {
            Self::Sha3_512 => 9,
            Self::Sha3_256 => 7,
            Self::Md5 => 6,
            Self::Sha224 | Self::Sha256 | Self::Sha384 | Self::Sha512 => 5,
            Self::Sha1 | Self::Blake3 => 4,
            Self::Crc(_) | Self::Adler32 => 2,
        }
    }

    /// Starts one.
    pub(super) fn start(self) -> Hasher {
        use sha2::Digest as _;
        match self {
            Self::CRC32 => Hasher::Crc32(crc32fast::Hasher::new()),
            Self::Crc(crc) => Hasher::Crc(Running::new(crc), crc.digits()),
            Self::Adler32 => Hasher::Adler(adler2::Adler32::new()),
            Self::Md5 => Hasher::Md5(md5::Md5::new()),
            Self::Sha1 => Hasher::Sha1(sha1::Sha1::new()),
            Self::Sha224 => Hasher::Sha224(sha2::Sha224::new()),
            Self::Sha256 => Hasher::Sha256(sha2::Sha256::new()),
            Self::Sha384 => Hasher::Sha384(sha2::Sha384::new()),
            Self::Sha512 => Hasher::Sha512(sha2::Sha512::new()),
            Self::Sha3_256 => Hasher::Sha3_256(sha3::Sha3_256::new()),
            Self::Sha3_512 => Hasher::Sha3_512(sha3::Sha3_512::new()),
            Self::Blake3 => Hasher::Blake3(Box::new(blake3::Hasher::new())),
        }
    }
}

/// A hash that is under way.
pub(super) enum Hasher {
    Crc32(crc32fast::Hasher),
    Crc(Running, usize),
    Adler(adler2::Adler32),
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
    Sha3_256(sha3::Sha3_256),
    Sha3_512(sha3::Sha3_512),
    Blake3(Box<blake3::Hasher>),
}

/// The same for each function that has the trait `Digest`.
macro_rules! each {
    ($hasher:expr, crc32 $crc32:ident => $of_crc32:expr, crc $crc:ident $digits:ident => $of_crc:expr, adler $adler:ident => $of_adler:expr,
     blake3 $blake3:ident => $of_blake3:expr, $other:ident => $of_other:expr) => {
        match $hasher {
            Self::Crc32($crc32) => $of_crc32,
            Self::Crc($crc, $digits) => $of_crc,
            Self::Adler($adler) => $of_adler,
            Self::Blake3($blake3) => $of_blake3,
            Self::Md5($other) => $of_other,
            Self::Sha1($other) => $of_other,
            Self::Sha224($other) => $of_other,
            Self::Sha256($other) => $of_other,
            Self::Sha384($other) => $of_other,
            Self::Sha512($other) => $of_other,
            Self::Sha3_256($other) => $of_other,
            Self::Sha3_512($other) => $of_other,
        }
    };
}

impl Hasher {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        use sha2::Digest as _;
        each!(self,
            crc32 hasher => hasher.update(bytes),
            crc hasher _digits => hasher.update(bytes),
            adler hasher => hasher.write_slice(bytes),
            blake3 hasher => _ = hasher.update(bytes),
            hasher => hasher.update(bytes)
        );
    }

    /// The digest in lower case hexadecimal digits.
    pub(super) fn finish(self) -> String {
        use sha2::Digest as _;
        each!(self,
            crc32 hasher => format!("{:08x}", hasher.finalize()),
            crc hasher digits => format!("{:0digits$x}", hasher.finish()),
            adler hasher => format!("{:08x}", hasher.checksum()),
            blake3 hasher => hasher.finalize().to_hex().to_string(),
            hasher => hex::encode(hasher.finalize())
        )
    }
}
