//! The hash functions by name.

use sha2::Digest as _;

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
    Sha512_224,
    Sha512_256,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Blake2b,
    Blake2s,
    Blake3,
    Xxh32,
    Xxh64,
    Xxh3,
}

/// What is known of a function: its id, what people call it, the hexadecimal digits of its digest, and about how much work a
/// byte is.
struct Known(Algorithm, &'static str, &'static str, usize, u8);

/// All but the CRCs, in the order in which they are shown.
const KNOWN: [Known; 19] = [
    Known(Algorithm::Adler32, "adler32", "Adler-32", 8, 2),
    Known(Algorithm::Md5, "md5", "MD5", 32, 6),
    Known(Algorithm::Sha1, "sha1", "SHA-1", 40, 4),
    Known(Algorithm::Sha224, "sha224", "SHA-224", 56, 5),
    Known(Algorithm::Sha256, "sha256", "SHA-256", 64, 5),
    Known(Algorithm::Sha384, "sha384", "SHA-384", 96, 5),
    Known(Algorithm::Sha512, "sha512", "SHA-512", 128, 5),
    Known(Algorithm::Sha512_224, "sha512-224", "SHA-512/224", 56, 5),
    Known(Algorithm::Sha512_256, "sha512-256", "SHA-512/256", 64, 5),
    Known(Algorithm::Sha3_224, "sha3-224", "SHA3-224", 56, 7),
    Known(Algorithm::Sha3_256, "sha3-256", "SHA3-256", 64, 7),
    Known(Algorithm::Sha3_384, "sha3-384", "SHA3-384", 96, 8),
    Known(Algorithm::Sha3_512, "sha3-512", "SHA3-512", 128, 9),
    Known(Algorithm::Blake2b, "blake2b", "BLAKE2b", 128, 5),
    Known(Algorithm::Blake2s, "blake2s", "BLAKE2s", 64, 6),
    Known(Algorithm::Blake3, "blake3", "BLAKE3", 64, 4),
    Known(Algorithm::Xxh32, "xxh32", "XXH32", 8, 1),
    Known(Algorithm::Xxh64, "xxh64", "XXH64", 16, 1),
    Known(Algorithm::Xxh3, "xxh3", "XXH3 (64 bits)", 16, 1),
];

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

    /// Those that one asks for, beside the CRCs of the catalogue.
    pub const MORE: [Self; 9] = [
        Self::Sha512_224,
        Self::Sha512_256,
        Self::Sha3_224,
        Self::Sha3_384,
        Self::Blake2b,
        Self::Blake2s,
        Self::Xxh32,
        Self::Xxh64,
        Self::Xxh3,
    ];

    fn known(self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.0 == self)
    }

    /// The name by which [`Algorithm::named`] finds it; what is kept in settings and typed in a terminal.
    pub fn id(self) -> String {
        let Self::Crc(crc) = self else { return self.known().map_or_else(String::new, |known| known.1.to_owned()) };
        if self == Self::CRC32 {
            return "crc32".into();
        }
        let preset = PRESETS.iter().find(|preset| preset.crc == crc);
        preset.map_or_else(|| format!("crc:{crc}"), |preset| preset.name.to_owned())
    }

    /// What people call it: "SHA-256", "CRC-16/XMODEM".
    pub fn label(self) -> String {
        match self {
            Self::CRC32 => "CRC-32".into(),
            Self::Crc(crc) if PRESETS.iter().all(|preset| preset.crc != crc) => {
                format!("CRC-{} 0x{:X}", crc.width, crc.poly)
            }
            _ => self.known().map_or_else(|| self.id().to_uppercase(), |known| known.2.to_owned()),
        }
    }

    /// The name in the tagged lines of coreutils: "SHA256".
    pub fn tag(self) -> String {
        self.id().to_uppercase()
    }

    /// The function with a name: an [`Algorithm::id`] or [`Algorithm::label`] in any case and with or without its marks, a CRC
    /// of the catalogue, `crc-8` or `crc-16` for the one that is meant where nothing else is said, or `crc:` with the
    /// parameters that [`Crc::parse`] takes. The error says what is wrong.
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
        let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_', '/'], "");
        let wanted = plain(&lower);
        if wanted == "crc32" {
            return Ok(Self::CRC32);
        }
        if let Some(known) = KNOWN.iter().find(|known| plain(known.1) == wanted || plain(known.2) == wanted) {
            return Ok(known.0);
        }
        // What the catalogue calls the first of their width.
        let lower = match wanted.as_str() {
            "crc8" => "crc-8/smbus".to_owned(),
            "crc16" => "crc-16/arc".to_owned(),
            "xxh364" | "xxhash3" => return Ok(Self::Xxh3),
            "xxhash64" | "xxhash" => return Ok(Self::Xxh64),
            "xxhash32" => return Ok(Self::Xxh32),
            _ => lower,
        };
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
            _ => self.known().map_or(0, |known| known.3),
        }
    }

    /// About how much work a byte is, to start with the slowest.
    pub(super) fn cost(self) -> u8 {
        self.known().map_or(2, |known| known.4)
    }

    /// Starts one.
    pub(super) fn start(self) -> Box<dyn Hasher> {
        match self {
            Self::CRC32 => Box::new(crc32fast::Hasher::new()),
            Self::Crc(crc) => Box::new((Running::new(crc), crc.digits())),
            Self::Adler32 => Box::new(adler2::Adler32::new()),
            Self::Md5 => Box::new(Fixed(md5::Md5::new())),
            Self::Sha1 => Box::new(Fixed(sha1::Sha1::new())),
            Self::Sha224 => Box::new(Fixed(sha2::Sha224::new())),
            Self::Sha256 => Box::new(Fixed(sha2::Sha256::new())),
            Self::Sha384 => Box::new(Fixed(sha2::Sha384::new())),
            Self::Sha512 => Box::new(Fixed(sha2::Sha512::new())),
            Self::Sha512_224 => Box::new(Fixed(sha2::Sha512_224::new())),
            Self::Sha512_256 => Box::new(Fixed(sha2::Sha512_256::new())),
            Self::Sha3_224 => Box::new(Fixed(sha3::Sha3_224::new())),
            Self::Sha3_256 => Box::new(Fixed(sha3::Sha3_256::new())),
            Self::Sha3_384 => Box::new(Fixed(sha3::Sha3_384::new())),
            Self::Sha3_512 => Box::new(Fixed(sha3::Sha3_512::new())),
            Self::Blake2b => Box::new(Fixed(blake2::Blake2b512::new())),
            Self::Blake2s => Box::new(Fixed(blake2::Blake2s256::new())),
            Self::Blake3 => Box::new(blake3::Hasher::new()),
            Self::Xxh32 => Box::new(Word::<_, 8>(twox_hash::XxHash32::with_seed(0))),
            Self::Xxh64 => Box::new(Word::<_, 16>(twox_hash::XxHash64::with_seed(0))),
            Self::Xxh3 => Box::new(Word::<_, 16>(twox_hash::XxHash3_64::new())),
        }
    }
}

/// A hash that is under way.
pub(super) trait Hasher: Send {
    fn update(&mut self, bytes: &[u8]);

    /// The digest in lower case hexadecimal digits.
    fn finish(self: Box<Self>) -> String;
}

/// What has the trait `Digest`.
struct Fixed<D>(D);

impl<D: sha2::Digest + Send> Hasher for Fixed<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self: Box<Self>) -> String {
        hex::encode(self.0.finalize())
    }
}

/// What makes a number of so many digits.
struct Word<H, const DIGITS: usize>(H);

impl<H: std::hash::Hasher + Send, const DIGITS: usize> Hasher for Word<H, DIGITS> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn finish(self: Box<Self>) -> String {
        format!("{:0DIGITS$x}", self.0.finish())
    }
}

impl Hasher for crc32fast::Hasher {
    fn update(&mut self, bytes: &[u8]) {
        Self::update(self, bytes);
    }

    fn finish(self: Box<Self>) -> String {
        format!("{:08x}", self.finalize())
    }
}

impl Hasher for (Running, usize) {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self: Box<Self>) -> String {
        format!("{:0width$x}", self.0.finish(), width = self.1)
    }
}

impl Hasher for adler2::Adler32 {
    fn update(&mut self, bytes: &[u8]) {
        self.write_slice(bytes);
    }

    fn finish(self: Box<Self>) -> String {
        format!("{:08x}", self.checksum())
    }
}

impl Hasher for blake3::Hasher {
    fn update(&mut self, bytes: &[u8]) {
        Self::update(self, bytes);
    }

    fn finish(self: Box<Self>) -> String {
        self.finalize().to_hex().to_string()
    }
}
