//! `hashlib`

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexSet;

use super::hashes::{self, ALGORITHMS, Algorithm, Hash, Parameters};
use super::kit::{self, Signature, int_of, text_of, vec_of};
use crate::buffer::Buffer;
use crate::console::call::Args;
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::{Builtin, Module, Native, downcast};
use crate::console::object::{Object, Set};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

macro_rules! class {
    ($constant:ident = $name:literal in $module:literal, $construct:expr) => {
        #[doc = concat!("`", $module, ".", $name, "`")]
        const $constant: Class = {
            static INFO: ClassInfo = ClassInfo {
                name: $name,
                module: $module,
                bases: &[OBJECT],
                construct: $construct,
                methods: &["copy", "digest", "hexdigest", "update"],
            };
            Class(&INFO)
        };
    };
}

class!(HASH = "HASH" in "_hashlib", None);
class!(HASH_XOF = "HASHXOF" in "_hashlib", None);
class!(BLAKE2B = "blake2b" in "_blake2", Some(blake2));
class!(BLAKE2S = "blake2s" in "_blake2", Some(blake2));

/// Those that every Python has.
const GUARANTEED: [&str; 14] = [
    "blake2b",
    "blake2s",
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha3_224",
    "sha3_256",
    "sha3_384",
    "sha3_512",
    "sha512",
    "shake_128",
    "shake_256",
];

/// Makes the module.
pub(super) fn load(vm: &Vm) -> Outcome<Rc<Module>> {
    let set = |names: &[&str]| -> Outcome {
        let keys: IndexSet<_> = names.iter().map(|name| vm.key(&Object::str(name))).collect::<Outcome<_>>()?;
        Ok(Object::Set(Rc::new(Set { items: RefCell::new(keys), frozen: false })))
    };
    let openssl = OPENSSL.iter().map(|function| {
        let name = function.name.strip_prefix("openssl_").unwrap_or(function.name);
        (name, Object::Builtin(function))
    });
    let more = [
        ("blake2b", Object::Class(BLAKE2B)),
        ("blake2s", Object::Class(BLAKE2S)),
        ("algorithms_guaranteed", set(&GUARANTEED)?),
        ("algorithms_available", set(&ALGORITHMS.map(|algorithm| algorithm.name))?),
    ];
    Ok(kit::module("hashlib", FUNCTIONS, openssl.chain(more)))
}

static FUNCTIONS: &[Builtin] =
    &[Builtin { name: "file_digest", python: true, run: file_digest }, Builtin { name: "new", python: true, run: new }];

macro_rules! openssl {
    ($($name:literal),* $(,)?) => {
        &[$(Builtin {
            name: concat!("openssl_", $name),
            python: false,
            run: |vm, args| openssl(vm, concat!("openssl_", $name), $name, args),
        }),*]
    };
}

static OPENSSL: &[Builtin] = openssl![
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3_224",
    "sha3_256",
    "sha3_384",
    "sha3_512",
    "shake_128",
    "shake_256",
];

/// The limits that the classes of BLAKE2 name.
pub(super) fn class_attribute(class: Class, name: &str) -> Option<Object> {
    let limit = Algorithm::named(class.0.name)?.digest_size as u64;
    Some(Object::int(match name {
        "MAX_DIGEST_SIZE" | "MAX_KEY_SIZE" => limit,
        "SALT_SIZE" | "PERSON_SIZE" => limit / 4,
        _ => return None,
    }))
}

/// A hash as an object.
struct HashObject {
    class: Class,
    algorithm: Algorithm,
    digest_size: usize,
    hash: RefCell<Box<dyn Hash>>,
}

impl std::fmt::Debug for HashObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.algorithm.name)
    }
}

impl HashObject {
    fn plain(algorithm: Algorithm) -> Self {
        let class = match algorithm.name {
            "blake2b" => BLAKE2B,
            "blake2s" => BLAKE2S,
            _ if algorithm.digest_size == 0 => HASH_XOF,
            _ => HASH,
        };
        Self { class, algorithm, digest_size: algorithm.digest_size, hash: RefCell::new(algorithm.start()) }
    }

    fn into_object(self) -> Object {
        Object::Native(Rc::new(self))
    }

    fn update(&self, vm: &Vm, data: &Object) -> Outcome<()> {
        let data = hashable(vm, data)?;
        kit::in_pieces(vm, &data, |piece| self.hash.borrow_mut().update(piece))
    }

    /// The digest; functions with an open end take its length.
    fn digest(&self, vm: &Vm, method: &'static str, args: Args) -> Outcome<Vec<u8>> {
        let len = if self.class == HASH_XOF {
            let signature = Signature { function: method, names: &["length"], positional: 1, required: 1 };
            let len = signature.bind(args)?.pop().flatten().unwrap_or(Object::None);
            usize::try_from(int_of(vm, &len)?).map_err(|_| Raise::value_error("value must be positive"))?
        } else {
            args.none(&format!("{}.{method}", self.class.0.name))?;
            self.digest_size
        };
        vm.allocate(len as u64 * 3)?;
        vm.step(len as u64 / 1024)?;
        Ok(self.hash.borrow().digest(len))
    }
}

/// The bytes that are to be hashed.
fn hashable(vm: &Vm, data: &Object) -> Outcome<Buffer> {
    if matches!(data, Object::Str(_)) {
        return Err(Raise::type_error("Strings must be encoded before hashing"));
    }
    kit::buffer_of(vm, data)?.ok_or_else(|| Raise::type_error("object supporting the buffer API required"))
}

impl Native for HashObject {
    fn class(&self) -> Class {
        self.class
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        let address = std::ptr::from_ref(self).cast::<()>() as usize;
        Ok(match self.class.0.module {
            "_hashlib" => format!("<{} _hashlib.{} object @ {address:#x}>", self.algorithm.name, self.class.0.name),
            _ => format!("<{} object at {address:#x}>", self.class.qualified_name()),
        })
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "update" => {
                let data = args.one(&format!("{}.update", self.class.0.name))?;
                self.update(vm, &data)?;
                Ok(Object::None)
            }
            "digest" => Ok(Object::bytes(self.digest(vm, "digest", args)?)),
            "hexdigest" => Ok(Object::str(hex::encode(self.digest(vm, "hexdigest", args)?))),
            "copy" => {
                args.none(&format!("{}.copy", self.class.0.name))?;
                let hash = RefCell::new(self.hash.borrow().copy());
                Ok(Self { hash, ..*self }.into_object())
            }
            _ => Err(Raise::no_attribute(&self.class.qualified_name(), method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        match name {
            "name" => Ok(Some(Object::str(self.algorithm.name))),
            "digest_size" => Ok(Some(Object::int(self.digest_size as u64))),
            "block_size" => Ok(Some(Object::int(self.algorithm.block_size as u64))),
            _ => Ok(None),
        }
    }
}

/// `hashlib.sha256(string=b'', *, usedforsecurity=True)`
fn openssl(vm: &Vm, function: &'static str, name: &str, args: Args) -> Outcome {
    let signature = Signature { function, names: &["string", "usedforsecurity"], positional: 1, required: 0 };
    let data = signature.bind(args)?.swap_remove(0);
    let algorithm = Algorithm::named(name).ok_or_else(|| Raise::value_error(format!("unsupported hash type {name}")))?;
    let hash = HashObject::plain(algorithm);
    if let Some(data) = data {
        hash.update(vm, &data)?;
    }
    Ok(hash.into_object())
}

/// `hashlib.new(name, data=b'', **kwargs)`
fn new(vm: &Vm, mut args: Args) -> Outcome {
    args.take_keyword("usedforsecurity");
    let mut bound = args.bind("__hash_new", &["name", "data"], 1)?;
    let data = bound.pop().flatten();
    let name = bound.pop().flatten().unwrap_or(Object::None);
    let name = text_of(&name).ok_or_else(|| Raise::type_error("name must be a string"))?;
    let known = Algorithm::named(&name.to_ascii_lowercase().replace('-', "_"));
    let algorithm = known.ok_or_else(|| Raise::value_error(format!("unsupported hash type {name}")))?;
    let hash = HashObject::plain(algorithm);
    if let Some(data) = data {
        hash.update(vm, &data)?;
    }
    Ok(hash.into_object())
}

/// `hashlib.blake2b(data=b'', /, *, digest_size=64, key=b'', salt=b'', person=b'', …)`; of the tree's parameters only those of
/// a tree of one leaf.
fn blake2(vm: &Vm, class: Class, mut args: Args) -> Outcome {
    let name = class.0.name;
    let algorithm = Algorithm::named(name).ok_or_else(|| Raise::value_error("unsupported hash type"))?;
    let (limit, words) = (algorithm.digest_size, algorithm.digest_size / 4);
    let mut parameters = Parameters { size: limit, ..Parameters::default() };
    if let Some(size) = args.take_keyword("digest_size") {
        let size = int_of(vm, &size)?;
        let fits = usize::try_from(size).ok().filter(|size| (1..=limit).contains(size));
        parameters.size = fits.ok_or_else(|| Raise::value_error(format!("digest_size must be between 1 and {limit} bytes")))?;
    }
    let mut part = |keyword: &str, limit: usize, what: &str| -> Outcome<Vec<u8>> {
        let Some(value) = args.take_keyword(keyword) else { return Ok(Vec::new()) };
        let value = vec_of(vm, &kit::bytes_like(vm, &value)?)?;
        if value.len() > limit {
            return Err(Raise::value_error(format!("maximum {what} length is {limit} bytes")));
        }
        Ok(value)
    };
    parameters.key = part("key", limit, "key")?;
    parameters.salt = part("salt", words, "salt")?;
    parameters.person = part("person", words, "person")?;
    args.take_keyword("usedforsecurity");
    if args.positional.len() > 1 {
        let message = format!("{name}() takes at most 1 positional argument ({} given)", args.positional.len());
        return Err(Raise::type_error(message));
    }
    if let Some((keyword, _)) = args.keywords.first() {
        return Err(Raise::type_error(format!("'{keyword}' is an invalid keyword argument for {name}()")));
    }
    let hash = if class == BLAKE2B { hashes::blake2b(&parameters) } else { hashes::blake2s(&parameters) };
    let hash = HashObject { class, algorithm, digest_size: parameters.size, hash: RefCell::new(hash) };
    if let Some(data) = args.positional.first() {
        hash.update(vm, data)?;
    }
    Ok(hash.into_object())
}

/// `hashlib.file_digest(fileobj, digest)`: of all that is left in a stream.
fn file_digest(vm: &Vm, args: Args) -> Outcome {
    const PIECE: i64 = 1 << 18;
    let bound = args.bind("file_digest", &["fileobj", "digest"], 2)?;
    let [Some(stream), Some(digest)] = bound.as_slice() else { return Ok(Object::None) };
    let made = match digest {
        Object::Str(_) => new(vm, Args::new([digest.clone()]))?,
        maker => vm.call(maker, Args::default())?,
    };
    let Some(hash) = downcast::<HashObject>(&made) else {
        return Err(Raise::type_error("digest must be a name or make a hash"));
    };
    loop {
        let piece = vm.call_method(stream, "read", Args::new([Object::int(PIECE)]))?;
        if !vm.truth(&piece)? {
            break;
        }
        hash.update(vm, &piece)?;
    }
    Ok(made.clone())
}
