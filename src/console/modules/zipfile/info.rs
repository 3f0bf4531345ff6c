//! `ZipInfo`

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::ZIP_INFO;
use super::records::Entry;
use crate::console::call::Args;
use crate::console::class::Class;
use crate::console::modules::kit::{self, int_of, text_of, vec_of};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

/// A member of an archive, as an object.
#[derive(Debug)]
pub(super) struct Info {
    /// What is known of it.
    pub(super) entry: RefCell<Entry>,
}

impl Info {
    pub(super) fn object(entry: Entry) -> Object {
        Object::Native(Rc::new(Self { entry: RefCell::new(entry) }))
    }
}

/// The words for methods of compression.
pub(super) fn method_name(method: u16) -> Option<&'static str> {
    Some(match method {
        0 => "store",
        1 => "shrink",
        2..=5 => "reduce",
        6 | 10 => "implode",
        7 => "tokenize",
        8 => "deflate",
        9 => "deflate64",
        12 => "bzip2",
        14 => "lzma",
        18 => "terse",
        19 => "lz77",
        97 => "wavpack",
        98 => "ppmd",
        _ => return None,
    })
}

/// Six numbers, of a tuple.
fn date_time(vm: &Vm, object: &Object) -> Outcome<[i64; 6]> {
    let items = vm.collect(object)?;
    let mut parts = [0; 6];
    for (n, part) in parts.iter_mut().enumerate() {
        let item = items.get(n).ok_or_else(|| Raise::new(crate::console::class::INDEX_ERROR, "tuple index out of range"))?;
        *part = int_of(vm, item)?.clamp(0, 9999);
    }
    if parts[0] < 1980 {
        return Err(Raise::value_error("ZIP does not support timestamps before 1980"));
    }
    Ok(parts)
}

/// A name: `AttributeError: 'int' object has no attribute 'find'` for what is none, as the search in it would say.
pub(super) fn name_of(vm: &Vm, object: &Object) -> Outcome<String> {
    text_of(object).ok_or_else(|| Raise::no_attribute(&vm.type_name(object), "find"))
}

/// `ZipInfo(filename='NoName', date_time=(1980, 1, 1, 0, 0, 0))`
pub(super) fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let mut bound = args.bind("ZipInfo.__init__", &["filename", "date_time"], 0)?;
    let date = match bound.pop().flatten() {
        Some(date) => date_time(vm, &date)?,
        None => [1980, 1, 1, 0, 0, 0],
    };
    let name = match bound.pop().flatten() {
        Some(name) => name_of(vm, &name)?,
        None => "NoName".to_owned(),
    };
    Ok(Info::object(Entry::new(&name, date)))
}

/// The mode of a file as `ls -l` writes it.
fn file_mode(mode: u32) -> String {
    let kind = match mode & 0o170_000 {
        0o040_000 => 'd',
        0o100_000 => '-',
        0o120_000 => 'l',
        0o060_000 => 'b',
        0o020_000 => 'c',
        0o010_000 => 'p',
        0o140_000 => 's',
        _ => '?',
    };
    let mut out = String::from(kind);
    for (shift, special, letters) in [(6, 0o4000, ['s', 'S']), (3, 0o2000, ['s', 'S']), (0, 0o1000, ['t', 'T'])] {
        let bits = mode >> shift & 7;
        out.push(if bits & 4 == 0 { '-' } else { 'r' });
        out.push(if bits & 2 == 0 { '-' } else { 'w' });
        out.push(match (bits & 1 != 0, mode & special != 0) {
            (true, true) => letters[0],
            (false, true) => letters[1],
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    out
}

fn show(entry: &Entry) -> String {
    let quoted = |text: &str| crate::stream::str_repr(&text.into());
    let mut out = format!("<ZipInfo filename={}", quoted(&entry.filename));
    if entry.compress_type != 0 {
        let method = method_name(entry.compress_type).map_or_else(|| entry.compress_type.to_string(), str::to_owned);
        out.push_str(&format!(" compress_type={method}"));
    }
    let (high, low) = (entry.external_attr >> 16, entry.external_attr & 0xFFFF);
    if high != 0 {
        out.push_str(&format!(" filemode={}", quoted(&file_mode(high))));
    }
    if low != 0 {
        out.push_str(&format!(" external_attr={low:#x}"));
    }
    if !entry.is_dir() || entry.file_size != 0 {
        out.push_str(&format!(" file_size={}", entry.file_size));
    }
    let packed = entry.compress_type != 0 || entry.file_size != entry.compress_size;
    if (!entry.is_dir() || entry.compress_size != 0) && packed {
        out.push_str(&format!(" compress_size={}", entry.compress_size));
    }
    out.push('>');
    out
}

impl Native for Info {
    fn class(&self) -> Class {
        ZIP_INFO
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(show(&self.entry.borrow()))
    }

    fn call(&self, _vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "is_dir" => {
                args.bind("ZipInfo.is_dir", &[], 0)?;
                Ok(Object::Bool(self.entry.borrow().is_dir()))
            }
            "FileHeader" => {
                args.bind("ZipInfo.FileHeader", &["zip64"], 0)?;
                Ok(Object::bytes(self.entry.borrow().header()))
            }
            _ => Err(Raise::no_attribute("ZipInfo", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        let entry = self.entry.borrow();
        Ok(Some(match name {
            "filename" => Object::str(&entry.filename),
            "orig_filename" => Object::str(&entry.orig_filename),
            "date_time" => Object::tuple(entry.date_time.map(Object::int).to_vec()),
            "compress_type" => Object::int(entry.compress_type),
            "_compresslevel" => entry.level.map_or(Object::None, Object::Int),
            "comment" => Object::bytes(entry.comment.as_slice()),
            "extra" => Object::bytes(entry.extra.as_slice()),
            "create_system" => Object::int(entry.create_system),
            "create_version" => Object::int(entry.create_version),
            "extract_version" => Object::int(entry.extract_version),
            "reserved" => Object::int(entry.reserved),
            "flag_bits" => Object::int(entry.flag_bits),
            "volume" => Object::int(entry.volume),
            "internal_attr" => Object::int(entry.internal_attr),
            "external_attr" => Object::int(entry.external_attr),
            "header_offset" => Object::int(entry.header_offset),
            "CRC" => match entry.crc {
                Some(crc) => Object::int(crc),
                None => return Err(Raise::no_attribute("ZipInfo", name)),
            },
            "compress_size" => Object::int(entry.compress_size),
            "file_size" => Object::int(entry.file_size),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(&self, vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        let number = |max: i64| -> Outcome<i64> { Ok(int_of(vm, &value)?.clamp(0, max)) };
        let bytes = || -> Outcome<Vec<u8>> {
            let mut bytes = vec_of(vm, &kit::bytes_like(vm, &value)?)?;
            bytes.truncate(0xFFFF);
            Ok(bytes)
        };
        match name {
            "filename" => {
                let name = name_of(vm, &value)?;
                self.entry.borrow_mut().filename = name;
            }
            "date_time" => {
                let parts = date_time(vm, &value)?;
                self.entry.borrow_mut().date_time = parts;
            }
            "comment" => self.entry.borrow_mut().comment = bytes()?,
            "extra" => self.entry.borrow_mut().extra = bytes()?,
            "compress_type" => self.entry.borrow_mut().compress_type = number(0xFFFF)? as u16,
            "_compresslevel" => {
                let level = if value.is_none() { None } else { Some(int_of(vm, &value)?) };
                self.entry.borrow_mut().level = level;
            }
            "create_system" => self.entry.borrow_mut().create_system = number(0xFF)? as u8,
            "create_version" => self.entry.borrow_mut().create_version = number(0xFF)? as u8,
            "extract_version" => self.entry.borrow_mut().extract_version = number(0xFF)? as u8,
            "flag_bits" => self.entry.borrow_mut().flag_bits = number(0xFFFF)? as u16,
            "internal_attr" => self.entry.borrow_mut().internal_attr = number(0xFFFF)? as u16,
            "external_attr" => self.entry.borrow_mut().external_attr = number(0xFFFF_FFFF)? as u32,
            "file_size" => self.entry.borrow_mut().file_size = number(i64::MAX)? as u64,
            _ => return Ok(false),
        }
        Ok(true)
    }
}
