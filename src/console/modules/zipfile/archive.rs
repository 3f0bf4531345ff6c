//! `ZipFile`

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use indexmap::IndexMap;

use super::file::File;
use super::info::{Info, method_name, name_of};
use super::pack::{self, Failure};
use super::records::{Broken, Entry, FLAG_DESCRIPTOR, HEADER, Reader, decode_name, end_record, needs_64, read_central};
use super::{ZIP_FILE, ZLIB_ERROR, bad};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::modules::datetime;
use crate::console::modules::kit::{self, bind_method, int_of, text_of};
use crate::console::native::{Native, downcast};
use crate::console::object::{List, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::stream::{BytesIO, StreamObject, StreamState, Value};

/// An archive.
#[derive(Debug)]
pub(super) struct Archive {
    /// The stream, until the archive is closed.
    file: RefCell<Option<Object>>,
    filename: Object,
    mode: &'static str,
    compression: u16,
    level: Option<i64>,
    allow_64: bool,
    seekable: bool,
    infos: Rc<List>,
    names: RefCell<IndexMap<String, Object>>,
    comment: RefCell<Vec<u8>>,
    start: Cell<u64>,
    modified: Cell<bool>,
    /// The member that is being written through a stream of its own.
    writing: RefCell<Option<Writing>>,
}

/// A member that is being written. What the stream held when it was closed is in the record of its calls.
#[derive(Debug)]
struct Writing {
    info: Object,
    raw: StreamObject,
}

fn check_method(method: i64) -> Outcome<u16> {
    match method {
        0 => Ok(0),
        8 => Ok(8),
        12 => Err(Raise::new(class::RUNTIME_ERROR, "Compression requires the (missing) bz2 module")),
        14 => Err(Raise::new(class::RUNTIME_ERROR, "Compression requires the (missing) lzma module")),
        _ => Err(Raise::new(class::NOT_IMPLEMENTED_ERROR, "That compression method is not supported")),
    }
}

fn quoted(text: &str) -> String {
    crate::stream::str_repr(&text.into())
}

/// A level of compression, or `None`.
fn level_of(vm: &Vm, object: Option<&Object>) -> Outcome<Option<i64>> {
    object.filter(|level| !level.is_none()).map(|level| int_of(vm, level)).transpose()
}

/// `ZipFile(file, mode='r', compression=ZIP_STORED, allowZip64=True, compresslevel=None, *, …)`
pub(super) fn construct(vm: &Vm, _class: Class, mut args: Args) -> Outcome {
    args.take_keyword("strict_timestamps");
    args.take_keyword("metadata_encoding");
    let names = ["file", "mode", "compression", "allowZip64", "compresslevel"];
    let [file, mode, compression, allow_64, level] = bind_method(args, "ZipFile.__init__", &names, 1)?;
    let file = file.unwrap_or(Object::None);
    let mode = match mode.as_ref().map(text_of) {
        None => "r",
        Some(mode) => match mode.as_deref() {
            Some("r") => "r",
            Some("w") => "w",
            Some("x") => "x",
            Some("a") => "a",
            _ => return Err(Raise::value_error("ZipFile requires mode 'r', 'w', 'x', or 'a'")),
        },
    };
    let compression = match compression {
        None => 0,
        Some(method) => check_method(method.index().and_then(|n| n.try_into().ok()).unwrap_or(-1))?,
    };
    if let Some(name) = text_of(&file) {
        return Err(match mode {
            "r" => Raise::new(class::FILE_NOT_FOUND_ERROR, format!("[Errno 2] No such file or directory: {}", quoted(&name))),
            _ => Raise::new(class::PERMISSION_ERROR, format!("[Errno 13] Permission denied: {}", quoted(&name))),
        });
    }
    let filename = match vm.get_attribute(&file, "name") {
        Ok(name) => name,
        Err(raise) if raise.is(class::ATTRIBUTE_ERROR) => Object::None,
        Err(raise) => return Err(raise),
    };
    let mut archive = Archive {
        file: RefCell::new(Some(file.clone())),
        filename,
        mode,
        compression,
        level: level_of(vm, level.as_ref())?,
        allow_64: allow_64.map_or(Ok(true), |allow| vm.truth(&allow))?,
        seekable: true,
        infos: Rc::default(),
        names: RefCell::default(),
        comment: RefCell::default(),
        start: Cell::new(0),
        modified: Cell::new(false),
        writing: RefCell::default(),
    };
    let outcome = archive.begin(vm, File::new(vm, &file));
    if let Err(raise) = outcome {
        // Nothing is written to a stream that could not even be looked at.
        archive.file.take();
        return Err(raise);
    }
    Ok(Object::Native(Rc::new(archive)))
}

impl Archive {
    fn begin(&mut self, vm: &Vm, file: File<'_>) -> Outcome<()> {
        match self.mode {
            "r" => self.read_directory(vm, file),
            "a" => match self.read_directory(vm, file) {
                Err(raise) if raise.is(class::BAD_ZIP_FILE) => {
                    file.seek_end()?;
                    self.modified.set(true);
                    self.start.set(file.tell()?);
                    Ok(())
                }
                Err(raise) => Err(raise),
                Ok(()) => file.seek(self.start.get()),
            },
            _ => {
                self.modified.set(true);
                let cannot = |raise: &Raise| raise.is(class::ATTRIBUTE_ERROR) || raise.is(class::OS_ERROR);
                let at = match file.tell() {
                    Ok(at) => file.seek(at).map(|()| at),
                    Err(raise) => Err(raise),
                };
                match at {
                    Ok(at) => self.start.set(at),
                    Err(raise) if cannot(&raise) => self.seekable = false,
                    Err(raise) => return Err(raise),
                }
                Ok(())
            }
        }
    }

    fn read_directory(&self, vm: &Vm, file: File<'_>) -> Outcome<()> {
        let not_one = || bad("File is not a zip file");
        let found = file.directory().map_err(|raise| if raise.is(class::OS_ERROR) { not_one() } else { raise })?;
        let directory = found.ok_or_else(not_one)?;
        *self.comment.borrow_mut() = directory.comment.clone();
        self.start.set(directory.start);
        file.seek(directory.start)?;
        let bytes = file.read(directory.size)?;
        let (mut at, mut entries) = (0, Vec::new());
        while (at as u64) < directory.size {
            vm.step(1)?;
            let rest = bytes.get(at..).unwrap_or_default();
            let (entry, len) = read_central(rest, directory.shift).map_err(|broken| match broken {
                Broken::Bad(message) => bad(message),
                Broken::Version(message) => Raise::new(class::NOT_IMPLEMENTED_ERROR, message),
            })?;
            at += len;
            vm.allocate(entries.len() as u64 * 512)?;
            entries.push(entry);
        }
        // What a member may take ends where the next one begins.
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|&n| std::cmp::Reverse(entries[n].header_offset));
        let mut end = directory.start;
        for n in order {
            entries[n].end = Some(end);
            end = entries[n].header_offset;
        }
        for entry in entries {
            self.add(Info::object(entry));
        }
        Ok(())
    }

    fn add(&self, info: Object) {
        if let Some(native) = downcast::<Info>(&info) {
            let name = native.entry.borrow().filename.clone();
            self.names.borrow_mut().insert(name, info.clone());
        }
        self.infos.items.borrow_mut().push(info);
    }

    fn file(&self) -> Option<Object> {
        self.file.borrow().clone()
    }

    // ---- writing ----

    /// Writes the member whose own stream was closed since.
    fn settle(&self, vm: Option<&Vm>) -> Outcome<()> {
        let is_closed = |writing: &Writing| matches!(writing.raw.attribute("closed"), Ok(Value::Bool(true)));
        let done = self.writing.borrow_mut().take_if(|writing| is_closed(writing));
        let (Some(Writing { info, raw }), Some(file)) = (done, self.file()) else { return Ok(()) };
        let (calls, _) = raw.take_records();
        let last = calls.into_iter().find(|call| matches!(call.method.as_deref(), Some("close" | "__exit__")));
        let Some(StreamState::Bytes(state)) = last.map(|call| call.before) else { return Ok(()) };
        let bytes = state.value.to_vec_all().map_err(|error| kit::unreadable(&error))?;
        let file = match vm {
            Some(vm) => File::new(vm, &file),
            None => File::of_finaliser(&file),
        };
        self.store(file, info, &bytes)
    }

    /// Writes a whole member.
    fn store(&self, file: File<'_>, object: Object, bytes: &[u8]) -> Outcome<()> {
        let Some(info) = downcast::<Info>(&object) else { return Ok(()) };
        let mut entry = info.entry.borrow().clone();
        let packed = if entry.compress_type == 8 { Some(deflate(file.vm, &entry, bytes)?) } else { None };
        let packed = match packed {
            Some(packed) => packed,
            None => {
                file.vm.map_or(Ok(()), |vm| vm.allocate(bytes.len() as u64))?;
                bytes.to_vec()
            }
        };
        entry.flag_bits = if self.seekable { 0 } else { FLAG_DESCRIPTOR };
        if entry.external_attr == 0 {
            entry.external_attr = 0o600 << 16;
        }
        entry.crc = Some(crc32fast::hash(bytes));
        (entry.file_size, entry.compress_size) = (bytes.len() as u64, packed.len() as u64);
        if self.seekable {
            file.seek(self.start.get())?;
            entry.header_offset = file.tell()?;
        } else {
            entry.header_offset = self.start.get();
        }
        let header = entry.header();
        let mut len = header.len() as u64 + entry.compress_size;
        self.modified.set(true);
        file.write(header)?;
        if !packed.is_empty() || entry.compress_type == 8 {
            file.write(packed)?;
        }
        if !self.seekable {
            let descriptor = entry.descriptor();
            len += descriptor.len() as u64;
            file.write(descriptor)?;
        }
        self.start.set(entry.header_offset + len);
        *info.entry.borrow_mut() = entry;
        self.add(object);
        Ok(())
    }

    fn write_end(&self, file: File<'_>) -> Outcome<()> {
        if self.seekable {
            file.seek(self.start.get())?;
        }
        let infos = self.infos.items.borrow().clone();
        let mut size = 0;
        for object in &infos {
            let Some(info) = downcast::<Info>(object) else { continue };
            let record = info.entry.borrow().central();
            size += record.len() as u64;
            file.write(record)?;
        }
        let (count, start) = (infos.len() as u64, self.start.get());
        if let (Some(what), false) = (needs_64(count, size, start), self.allow_64) {
            return Err(Raise::new(class::LARGE_ZIP_FILE, format!("{what} would require ZIP64 extensions")));
        }
        file.write(end_record(count, size, start, &self.comment.borrow()))?;
        if self.mode == "a" {
            file.truncate()?;
        }
        file.flush()
    }

    fn close(&self, vm: Option<&Vm>) -> Outcome<()> {
        let Some(object) = self.file() else { return Ok(()) };
        self.settle(vm)?;
        if self.writing.borrow().is_some() {
            let message = "Can't close the ZIP file while there is an open writing handle on it. Close the writing handle before \
                           closing the zip.";
            return Err(Raise::value_error(message));
        }
        let file = match vm {
            Some(vm) => File::new(vm, &object),
            None => File::of_finaliser(&object),
        };
        let outcome = if self.mode != "r" && self.modified.get() { self.write_end(file) } else { Ok(()) };
        let held = self.file.take();
        drop(held);
        outcome
    }

    fn check_writable(&self) -> Outcome<()> {
        if self.mode == "r" {
            return Err(Raise::value_error("write() requires mode 'w', 'x', or 'a'"));
        }
        Ok(())
    }

    fn writestr(&self, vm: &Vm, args: Args) -> Outcome {
        let names = ["zinfo_or_arcname", "data", "compress_type", "compresslevel"];
        let [name, data, method, level] = bind_method(args, "ZipFile.writestr", &names, 2)?;
        let (name, data) = (name.unwrap_or(Object::None), data.unwrap_or(Object::None));
        let bytes = match &data {
            Object::Str(text) => {
                if text.to_str().is_none() {
                    vm.call_method(&data, "encode", Args::new([Object::str("utf-8")]))?;
                }
                text.to_utf8()
            }
            other => match kit::buffer_of(vm, other)? {
                Some(bytes) => bytes,
                None => {
                    let message = format!("object of type '{}' has no len()", vm.type_name(other));
                    return Err(Raise::type_error(message));
                }
            },
        };
        let object = if downcast::<Info>(&name).is_some() { name } else { self.new_info(vm, &name, datetime::local_time())? };
        let Some(file) = self.file() else {
            return Err(Raise::value_error("Attempt to write to ZIP archive that was already closed"));
        };
        if self.writing.borrow().is_some() {
            let message = "Can't write to ZIP archive while an open writing handle exists.";
            return Err(Raise::value_error(message));
        }
        if let Some(info) = downcast::<Info>(&object) {
            let method = method.filter(|method| !method.is_none()).map(|method| int_of(vm, &method)).transpose()?;
            let level = level_of(vm, level.as_ref())?;
            let method = check_method(method.unwrap_or_else(|| info.entry.borrow().compress_type.into()))?;
            let mut entry = info.entry.borrow_mut();
            entry.compress_type = method;
            entry.level = level.or(entry.level);
        }
        self.check_writable()?;
        let bytes = kit::vec_of(vm, &bytes)?;
        self.store(File::new(vm, &file), object, &bytes)?;
        Ok(Object::None)
    }

    /// The description of a member that is about to be written.
    fn new_info(&self, vm: &Vm, name: &Object, date_time: [i64; 6]) -> Outcome {
        let name = name_of(vm, name)?;
        let mut entry = Entry::new(&name, date_time);
        (entry.compress_type, entry.level) = (self.compression, self.level);
        if entry.filename.is_empty() {
            return Err(Raise::new(class::INDEX_ERROR, "string index out of range"));
        }
        if entry.is_dir() {
            entry.external_attr = 0o40775 << 16 | 0x10;
        }
        Ok(Info::object(entry))
    }

    fn mkdir(&self, vm: &Vm, args: Args) -> Outcome {
        let names = ["zinfo_or_directory_name", "mode"];
        let [name, mode] = bind_method(args, "ZipFile.mkdir", &names, 1)?;
        let name = name.unwrap_or(Object::None);
        let mode = mode.map_or(Ok(511), |mode| int_of(vm, &mode))?;
        let object = match (downcast::<Info>(&name), text_of(&name)) {
            (Some(info), _) if info.entry.borrow().is_dir() => name,
            (Some(_), _) => return Err(Raise::value_error("The given ZipInfo does not describe a directory")),
            (None, Some(mut text)) => {
                if !text.ends_with('/') {
                    text.push('/');
                }
                let mut entry = Entry::new(&text, [1980, 1, 1, 0, 0, 0]);
                entry.external_attr = ((0o40000 | mode as u32) & 0xFFFF) << 16 | 0x10;
                Info::object(entry)
            }
            _ => return Err(Raise::type_error("Expected type str or ZipInfo")),
        };
        self.check_writable()?;
        let Some(file) = self.file() else {
            return Err(Raise::value_error("Attempt to write ZIP archive that was already closed"));
        };
        self.store(File::new(vm, &file), object, &[])?;
        Ok(Object::None)
    }

    // ---- reading ----

    fn getinfo(&self, vm: &Vm, name: &Object) -> Outcome {
        let found = text_of(name).and_then(|name| self.names.borrow().get(&name).cloned());
        found.map_or_else(
            || {
                let shown = vm.repr(name)?.to_string_lossy();
                Err(Raise::new(class::KEY_ERROR, format!("There is no item named {shown} in the archive")))
            },
            Ok,
        )
    }

    /// All bytes of a member.
    fn member(&self, vm: &Vm, name: &Object) -> Outcome<(Vec<u8>, String)> {
        let Some(object) = self.file() else {
            return Err(Raise::value_error("Attempt to use ZIP archive that was already closed"));
        };
        let info = if downcast::<Info>(name).is_some() { name.clone() } else { self.getinfo(vm, name)? };
        let Some(entry) = downcast::<Info>(&info).map(|info| info.entry.borrow().clone()) else {
            return Err(Raise::type_error("Expected type str or ZipInfo"));
        };
        if self.writing.borrow().is_some() {
            let message = "Can't read from the ZIP file while there is an open writing handle on it. Close the writing handle before \
                           trying to read.";
            return Err(Raise::value_error(message));
        }
        let packed = self.packed(vm, File::new(vm, &object), &entry, name)?;
        let bytes = unpack(vm, &entry, packed)?;
        Ok((bytes, entry.filename))
    }

    /// The bytes of a member as they stand in the archive.
    fn packed(&self, vm: &Vm, file: File<'_>, entry: &Entry, name: &Object) -> Outcome<Vec<u8>> {
        file.seek(entry.header_offset)?;
        let header = file.read(HEADER as u64)?;
        if header.len() != HEADER {
            return Err(bad("Truncated file header"));
        }
        if !header.starts_with(b"PK\x03\x04") {
            return Err(bad("Bad magic number for file header"));
        }
        let header = Reader(&header);
        let raw_name = file.read(header.u16(26))?;
        file.read(header.u16(28))?;
        let not_implemented = |message: &str| Err(Raise::new(class::NOT_IMPLEMENTED_ERROR, message));
        if entry.flag_bits & 0x20 != 0 {
            return not_implemented("compressed patched data (flag bit 5)");
        }
        if entry.flag_bits & 0x40 != 0 {
            return not_implemented("strong encryption (flag bit 6)");
        }
        let orig = quoted(&entry.orig_filename);
        if decode_name(&raw_name, header.u16(6) as u16) != entry.orig_filename {
            let shown = crate::stream::bytes_repr(&raw_name);
            return Err(bad(format!("File name in directory {orig} and header {shown} differ.")));
        }
        let start = entry.header_offset + HEADER as u64 + header.u16(26) + header.u16(28);
        if entry.end.is_some_and(|end| start.saturating_add(entry.compress_size) > end) {
            return Err(bad(format!("Overlapped entries: {orig} (possible zip bomb)")));
        }
        if entry.flag_bits & 1 != 0 {
            let shown = vm.repr(name)?.to_string_lossy();
            let message = format!("File {shown} is encrypted, password required for extraction");
            return Err(Raise::new(class::RUNTIME_ERROR, message));
        }
        match (entry.compress_type, method_name(entry.compress_type)) {
            (0 | 8, _) => {}
            (12 | 14, _) => drop(check_method(entry.compress_type.into())?),
            (method, Some(name)) => return not_implemented(&format!("compression type {method} ({name})")),
            (method, None) => return not_implemented(&format!("compression type {method}")),
        }
        let packed = file.read(entry.compress_size)?;
        if (packed.len() as u64) < entry.compress_size {
            return Err(Raise::new(class::EOF_ERROR, ""));
        }
        Ok(packed)
    }

    fn open(&self, vm: &Vm, mut args: Args) -> Outcome {
        args.take_keyword("force_zip64");
        let [name, mode, pwd] = bind_method(args, "ZipFile.open", &["name", "mode", "pwd"], 1)?;
        let name = name.unwrap_or(Object::None);
        let mode = mode.map_or(Some("r".to_owned()), |mode| text_of(&mode));
        match mode.as_deref() {
            Some("r") => {
                let (bytes, filename) = self.member(vm, &name)?;
                reader(vm, bytes, &filename)
            }
            Some("w") if pwd.is_some_and(|pwd| !pwd.is_none()) => {
                Err(Raise::value_error("pwd is only supported for reading files"))
            }
            Some("w") => self.open_to_write(vm, name),
            _ => Err(Raise::value_error("open() requires mode \"r\" or \"w\"")),
        }
    }

    fn open_to_write(&self, vm: &Vm, name: Object) -> Outcome {
        if self.file.borrow().is_none() {
            return Err(Raise::value_error("Attempt to use ZIP archive that was already closed"));
        }
        let info = if downcast::<Info>(&name).is_some() { name } else { self.new_info(vm, &name, [1980, 1, 1, 0, 0, 0])? };
        if self.writing.borrow().is_some() {
            let message = "Can't write to the ZIP file while there is another write handle open on it. Close the first handle before \
                           opening another.";
            return Err(Raise::value_error(message));
        }
        self.check_writable()?;
        let raw = StreamObject::from(BytesIO::new(b""));
        raw.record(1 << 16);
        let stream = buffered(vm, "BufferedWriter", &raw, &[Object::Int(1 << 20)])?;
        self.modified.set(true);
        *self.writing.borrow_mut() = Some(Writing { info, raw });
        Ok(stream)
    }

    fn testzip(&self, vm: &Vm) -> Outcome {
        let infos = self.infos.items.borrow().clone();
        for object in infos {
            let Some(info) = downcast::<Info>(&object) else { continue };
            let name = Object::str(&info.entry.borrow().filename);
            match self.member(vm, &name) {
                Ok(_) => {}
                Err(raise) if raise.is(class::BAD_ZIP_FILE) => return Ok(name),
                Err(raise) => return Err(raise),
            }
        }
        Ok(Object::None)
    }

    fn printdir(&self, vm: &Vm, args: Args) -> Outcome {
        let [file] = bind_method(args, "ZipFile.printdir", &["file"], 0)?;
        let mut lines = vec![format!("{:<46} {:>19} {:>12}", "File Name", "Modified    ", "Size")];
        for object in self.infos.items.borrow().iter() {
            let Some(info) = downcast::<Info>(object) else { continue };
            let entry = info.entry.borrow();
            let [year, month, day, hour, minute, second] = entry.date_time;
            let date = format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            lines.push(format!("{:<46} {date} {:>12}", entry.filename, entry.file_size));
        }
        let Some(print) = crate::console::builtins::lookup("print") else { return Ok(Object::None) };
        for line in lines {
            let keywords = file.iter().map(|file| (Rc::from("file"), file.clone())).collect();
            vm.call(&print, Args { positional: vec![Object::str(line)], keywords })?;
        }
        Ok(Object::None)
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // As in CPython, what is wrong in a finaliser reaches nobody.
        let _ = self.close(None);
    }
}

/// `io.BufferedReader` or `io.BufferedWriter` over `raw`.
fn buffered(vm: &Vm, class: &str, raw: &StreamObject, more: &[Object]) -> Outcome {
    let io = Object::Module(vm.import("io")?);
    let class = vm.get_attribute(&io, class)?;
    let args: Vec<Object> = std::iter::once(Object::Stream(raw.clone())).chain(more.iter().cloned()).collect();
    vm.call(&class, Args::new(args))
}

/// A stream over the bytes of a member that can only be read.
fn reader(vm: &Vm, bytes: Vec<u8>, name: &str) -> Outcome {
    let raw = StreamObject::from(BytesIO::new(bytes.as_slice()));
    raw.set_attribute("name", Value::from(name))?;
    raw.set_attribute("mode", Value::from("r"))?;
    buffered(vm, "BufferedReader", &raw, &[])
}

fn deflate(vm: Option<&Vm>, entry: &Entry, bytes: &[u8]) -> Outcome<Vec<u8>> {
    let tick = |len: usize| vm.map_or(Ok(()), |vm| vm.step(1 + len as u64 / 256));
    pack::deflate(bytes, entry.level, tick).map_err(|failure| match failure {
        Failure::Stopped(raise) => raise,
        Failure::Level => Raise::value_error("Invalid initialization option"),
        _ => Raise::new(ZLIB_ERROR, "Error -2 while compressing data"),
    })
}

/// The bytes of a member, checked.
fn unpack(vm: &Vm, entry: &Entry, packed: Vec<u8>) -> Outcome<Vec<u8>> {
    let wrong_sum = || bad(format!("Bad CRC-32 for file {}", quoted(&entry.filename)));
    if entry.compress_type == 0 {
        let mut bytes = packed;
        bytes.truncate(usize::try_from(entry.file_size).unwrap_or(usize::MAX));
        vm.step(bytes.len() as u64 / 4096)?;
        return if entry.crc == Some(crc32fast::hash(&bytes)) { Ok(bytes) } else { Err(wrong_sum()) };
    }
    let mut total = 0_u64;
    let tick = |len: usize| {
        total += len as u64;
        vm.step(1 + len as u64 / 256)?;
        // Growing may take twice as much.
        vm.allocate(total * 2)
    };
    pack::inflate(entry, &packed, tick).map_err(|failure| match failure {
        Failure::Stopped(raise) => raise,
        Failure::Checksum => wrong_sum(),
        _ => Raise::new(ZLIB_ERROR, "Error -3 while decompressing data: invalid data"),
    })
}

impl Native for Archive {
    fn class(&self) -> Class {
        ZIP_FILE
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, vm: &Vm) -> Outcome<String> {
        match self.file() {
            Some(file) => {
                let shown = vm.repr(&file)?.to_string_lossy();
                Ok(format!("<zipfile.ZipFile file={shown} mode='{}'>", self.mode))
            }
            None => Ok("<zipfile.ZipFile [closed]>".to_owned()),
        }
    }

    fn is_context_manager(&self) -> bool {
        true
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, args: Args) -> Outcome {
        self.settle(Some(vm))?;
        let name = format!("ZipFile.{method}");
        match method {
            "__enter__" => Ok(this.clone()),
            "__exit__" => self.close(Some(vm)).map(|()| Object::None),
            "close" => {
                let [] = bind_method(args, &name, &[], 0)?;
                self.close(Some(vm)).map(|()| Object::None)
            }
            "namelist" => {
                let [] = bind_method(args, &name, &[], 0)?;
                let infos = self.infos.items.borrow();
                let names = infos.iter().filter_map(downcast::<Info>).map(|info| Object::str(&info.entry.borrow().filename));
                Ok(Object::list(names.collect()))
            }
            "infolist" => {
                let [] = bind_method(args, &name, &[], 0)?;
                Ok(Object::List(Rc::clone(&self.infos)))
            }
            "getinfo" => {
                let [wanted] = bind_method(args, &name, &["name"], 1)?;
                self.getinfo(vm, &wanted.unwrap_or(Object::None))
            }
            "read" => {
                let [wanted, _] = bind_method(args, &name, &["name", "pwd"], 1)?;
                Ok(Object::bytes(self.member(vm, &wanted.unwrap_or(Object::None))?.0))
            }
            "open" => self.open(vm, args),
            "writestr" => self.writestr(vm, args),
            "mkdir" => self.mkdir(vm, args),
            "testzip" => {
                let [] = bind_method(args, &name, &[], 0)?;
                self.testzip(vm)
            }
            "printdir" => self.printdir(vm, args),
            "setpassword" => bind_method(args, &name, &["pwd"], 1).map(|_| Object::None),
            "write" => {
                let [wanted, ..] = bind_method(args, &name, &["filename", "arcname", "compress_type", "compresslevel"], 1)?;
                let shown = vm.repr(&wanted.unwrap_or(Object::None))?.to_string_lossy();
                Err(Raise::new(class::FILE_NOT_FOUND_ERROR, format!("[Errno 2] No such file or directory: {shown}")))
            }
            "extract" | "extractall" => {
                Err(Raise::new(class::PERMISSION_ERROR, "[Errno 13] Permission denied: there is no file system here"))
            }
            _ => Err(Raise::no_attribute("ZipFile", method)),
        }
    }

    fn attribute(&self, vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        self.settle(Some(vm))?;
        Ok(Some(match name {
            "filename" => self.filename.clone(),
            "mode" => Object::str(self.mode),
            "fp" => self.file().unwrap_or(Object::None),
            "compression" => Object::int(self.compression),
            "compresslevel" => self.level.map_or(Object::None, Object::Int),
            "debug" => Object::Int(0),
            "pwd" => Object::None,
            "comment" => Object::bytes(self.comment.borrow().as_slice()),
            "filelist" => Object::List(Rc::clone(&self.infos)),
            "start_dir" => Object::int(self.start.get()),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(&self, vm: &Vm, name: &str, value: Object) -> Outcome<bool> {
        if name != "comment" {
            return Ok(false);
        }
        let Object::Bytes(bytes) = &value else {
            return Err(Raise::type_error(format!("comment: expected bytes, got {}", vm.type_name(&value))));
        };
        let mut comment = kit::vec_of(vm, bytes)?;
        comment.truncate(0xFFFF);
        *self.comment.borrow_mut() = comment;
        self.modified.set(true);
        Ok(true)
    }
}
