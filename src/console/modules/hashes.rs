//! The hash functions behind `hashlib`, under one roof; nothing here knows the interpreter.

use blake2::digest::block_api::{Block, BlockSizeUser, Buffer, OutputSizeUser, UpdateCore, VariableOutputCore};
use blake2::digest::{ExtendableOutput, Output, Update, XofReader};
use blake2::{Blake2bVarCore, Blake2sVarCore, Digest};

/// A hash that is under way.
pub(super) trait Hash {
    /// Takes more bytes in.
    fn update(&mut self, bytes: &[u8]);

    /// The digest of what was taken in; of `len` bytes where the function lets one choose.
    fn digest(&self, len: usize) -> Vec<u8>;

    /// Another one in the same state.
    fn copy(&self) -> Box<dyn Hash>;
}

/// What is known of a hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Algorithm {
    /// `name`
    pub(super) name: &'static str,
    /// `digest_size`; 0 where one chooses at the end.
    pub(super) digest_size: usize,
    /// `block_size`
    pub(super) block_size: usize,
}

const fn algorithm(name: &'static str, digest_size: usize, block_size: usize) -> Algorithm {
    Algorithm { name, digest_size, block_size }
}

/// All of them.
pub(super) const ALGORITHMS: [Algorithm; 16] = [
    algorithm("md5", 16, 64),
    algorithm("sha1", 20, 64),
    algorithm("sha224", 28, 64),
    algorithm("sha256", 32, 64),
    algorithm("sha384", 48, 128),
    algorithm("sha512", 64, 128),
    algorithm("sha512_224", 28, 128),
    algorithm("sha512_256", 32, 128),
    algorithm("sha3_224", 28, 144),
    algorithm("sha3_256", 32, 136),
    algorithm("sha3_384", 48, 104),
    algorithm("sha3_512", 64, 72),
    algorithm("shake_128", 0, 168),
    algorithm("shake_256", 0, 136),
    algorithm("blake2b", 64, 128),
    algorithm("blake2s", 32, 64),
];

impl Algorithm {
    /// The one called `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        ALGORITHMS.into_iter().find(|algorithm| algorithm.name == name)
    }

    /// Starts a hash.
    pub(super) fn start(self) -> Box<dyn Hash> {
        match self.name {
            "md5" => Box::new(Fixed(md5::Md5::new())),
            "sha1" => Box::new(Fixed(sha1::Sha1::new())),
            "sha224" => Box::new(Fixed(sha2::Sha224::new())),
            "sha384" => Box::new(Fixed(sha2::Sha384::new())),
            "sha512" => Box::new(Fixed(sha2::Sha512::new())),
            "sha512_224" => Box::new(Fixed(sha2::Sha512_224::new())),
            "sha512_256" => Box::new(Fixed(sha2::Sha512_256::new())),
            "sha3_224" => Box::new(Fixed(sha3::Sha3_224::new())),
            "sha3_256" => Box::new(Fixed(sha3::Sha3_256::new())),
            "sha3_384" => Box::new(Fixed(sha3::Sha3_384::new())),
            "sha3_512" => Box::new(Fixed(sha3::Sha3_512::new())),
            "shake_128" => Box::new(Open(sha3::Shake128::default())),
            "shake_256" => Box::new(Open(sha3::Shake256::default())),
            "blake2b" => blake2b(&Parameters { size: 64, ..Parameters::default() }),
            "blake2s" => blake2s(&Parameters { size: 32, ..Parameters::default() }),
            _ => Box::new(Fixed(sha2::Sha256::new())),
        }
    }
}

/// A function whose digest has one size.
#[derive(Clone)]
struct Fixed<D>(D);

impl<D: Digest + Clone + 'static> Hash for Fixed<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn digest(&self, _len: usize) -> Vec<u8> {
        self.0.clone().finalize().to_vec()
    }

    fn copy(&self) -> Box<dyn Hash> {
        Box::new(self.clone())
    }
}

/// A function whose digest is as long as one likes.
#[derive(Clone)]
struct Open<D>(D);

impl<D: ExtendableOutput + Update + Clone + 'static> Hash for Open<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn digest(&self, len: usize) -> Vec<u8> {
        let mut out = vec![0; len];
        self.0.clone().finalize_xof().read(&mut out);
        out
    }

    fn copy(&self) -> Box<dyn Hash> {
        Box::new(self.clone())
    }
}

/// What BLAKE2 can be given besides the bytes. The sizes are the caller's to check.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    /// Bytes of the digest.
    pub(super) size: usize,
    /// A key.
    pub(super) key: Vec<u8>,
    /// A salt.
    pub(super) salt: Vec<u8>,
    /// A word for what the hash is made.
    pub(super) person: Vec<u8>,
}

/// BLAKE2b; a digest of up to 64 bytes, a key of up to 64, a salt and a person of up to 16.
pub(super) fn blake2b(parameters: &Parameters) -> Box<dyn Hash> {
    let Parameters { size, key, salt, person } = parameters;
    Box::new(Blake::new(Blake2bVarCore::new_with_params(salt, person, key.len(), *size), *size, key))
}

/// BLAKE2s; a digest of up to 32 bytes, a key of up to 32, a salt and a person of up to 8.
pub(super) fn blake2s(parameters: &Parameters) -> Box<dyn Hash> {
    let Parameters { size, key, salt, person } = parameters;
    Box::new(Blake::new(Blake2sVarCore::new_with_params(salt, person, key.len(), *size), *size, key))
}

/// BLAKE2 with a size that is chosen when it starts.
#[derive(Clone)]
struct Blake<C: VariableOutputCore> {
    core: C,
    buffer: Buffer<C>,
    size: usize,
}

impl<C: VariableOutputCore + Clone> Blake<C> {
    fn new(core: C, size: usize, key: &[u8]) -> Self {
        let mut hash = Self { core, buffer: Buffer::<C>::default(), size };
        if !key.is_empty() {
            // The key is a first block of its own, filled up with zeros.
            let mut block = Block::<C>::default();
            block[..key.len()].copy_from_slice(key);
            hash.take(&block);
        }
        hash
    }

    fn take(&mut self, bytes: &[u8]) {
        let Self { core, buffer, .. } = self;
        buffer.digest_blocks(bytes, |blocks| core.update_blocks(blocks));
    }
}

impl<C: VariableOutputCore + UpdateCore + BlockSizeUser + OutputSizeUser + Clone + 'static> Hash for Blake<C>
where
    Buffer<C>: Clone,
{
    fn update(&mut self, bytes: &[u8]) {
        self.take(bytes);
    }

    fn digest(&self, _len: usize) -> Vec<u8> {
        let (mut core, mut buffer) = (self.core.clone(), self.buffer.clone());
        let mut out = Output::<C>::default();
        core.finalize_variable_core(&mut buffer, &mut out);
        out[..self.size].to_vec()
    }

    fn copy(&self) -> Box<dyn Hash> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        let digest = |name: &str| {
            let mut hash = Algorithm::named(name).unwrap().start();
            hash.update(b"a");
            hex::encode(hash.digest(5))
        };
        assert_eq!(digest("md5"), "0cc175b9c0f1b6a831c399e269772661");
        assert_eq!(digest("sha256"), "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
        assert_eq!(digest("shake_128"), "85c8de88d2");
        for algorithm in ALGORITHMS.iter().filter(|algorithm| algorithm.digest_size > 0) {
            assert_eq!(algorithm.start().digest(0).len(), algorithm.digest_size, "{}", algorithm.name);
        }
    }

    #[test]
    fn blake2_takes_a_key_a_salt_and_a_size() {
        let hash = |parameters: Parameters| {
            let mut hash = blake2b(&parameters);
            hash.update(b"a");
            hex::encode(hash.copy().digest(0))
        };
        assert_eq!(hash(Parameters { size: 10, ..Parameters::default() }), "eb1fc979bd34e716e325");
        let keyed = hash(Parameters { size: 64, key: b"k".to_vec(), ..Parameters::default() });
        assert!(keyed.starts_with("abd87225991f9734408f9c71d21cd04870c6f56f86b8f14e28a98f7307211863"), "{keyed}");
        let salted = hash(Parameters { size: 64, salt: b"x".to_vec(), ..Parameters::default() });
        assert!(salted.starts_with("af99ad4a9c21bc4678ca8f29ac1229c90d6ab287fa6d8b07785172904c08eb07"), "{salted}");
    }
}
