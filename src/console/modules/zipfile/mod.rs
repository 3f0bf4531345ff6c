//! `zipfile`: archives in streams. There are no files to open or to extract to.

mod archive;
mod file;
mod info;
mod pack;
mod records;

use std::rc::Rc;

use super::kit;
use crate::console::call::Args;
use crate::console::class::{BAD_ZIP_FILE, Class, ClassInfo, EXCEPTION, LARGE_ZIP_FILE, OBJECT};
use crate::console::native::{Builtin, Module};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise, construct_exception};
use crate::console::vm::Vm;
use file::File;

/// `zipfile.ZipInfo`
const ZIP_INFO: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "ZipInfo",
        module: "zipfile",
        bases: &[OBJECT],
        construct: Some(info::construct),
        methods: &["FileHeader", "is_dir"],
    };
    Class(&INFO)
};

/// `zipfile.ZipFile`
const ZIP_FILE: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "ZipFile",
        module: "zipfile",
        bases: &[OBJECT],
        construct: Some(archive::construct),
        methods: &[
            "close",
            "extract",
            "extractall",
            "getinfo",
            "infolist",
            "mkdir",
            "namelist",
            "open",
            "printdir",
            "read",
            "setpassword",
            "testzip",
            "write",
            "writestr",
        ],
    };
    Class(&INFO)
};

/// `zlib.error`, which damaged data raise.
const ZLIB_ERROR: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "error",
        module: "zlib",
        bases: &[EXCEPTION],
        construct: Some(construct_exception),
        methods: &["add_note", "with_traceback"],
    };
    Class(&INFO)
};

/// Makes the module.
pub(super) fn load(_vm: &Vm) -> Outcome<Rc<Module>> {
    let more = [
        ("ZipFile", Object::Class(ZIP_FILE)),
        ("ZipInfo", Object::Class(ZIP_INFO)),
        ("BadZipFile", Object::Class(BAD_ZIP_FILE)),
        ("BadZipfile", Object::Class(BAD_ZIP_FILE)),
        ("error", Object::Class(BAD_ZIP_FILE)),
        ("LargeZipFile", Object::Class(LARGE_ZIP_FILE)),
        ("ZIP_STORED", Object::Int(0)),
        ("ZIP_DEFLATED", Object::Int(8)),
        ("ZIP_BZIP2", Object::Int(12)),
        ("ZIP_LZMA", Object::Int(14)),
    ];
    Ok(kit::module("zipfile", FUNCTIONS, more))
}

static FUNCTIONS: &[Builtin] = &[Builtin { name: "is_zipfile", python: true, run: is_zipfile }];

fn bad(message: impl AsRef<str>) -> Raise {
    Raise::new(BAD_ZIP_FILE, message)
}

/// `is_zipfile(stream)`; a name is that of no file.
fn is_zipfile(vm: &Vm, args: Args) -> Outcome {
    let mut bound = args.bind("is_zipfile", &["filename"], 1)?;
    let object = bound.pop().flatten().unwrap_or(Object::None);
    if vm.get_attribute(&object, "read").is_err() {
        return match object {
            Object::Str(_) | Object::Bytes(_) => Ok(Object::Bool(false)),
            other => {
                let message = format!("expected str, bytes or os.PathLike object, not {}", vm.type_name(&other));
                Err(Raise::type_error(message))
            }
        };
    }
    match File::new(vm, &object).directory() {
        Ok(found) => Ok(Object::Bool(found.is_some())),
        Err(raise) if raise.is(crate::console::class::OS_ERROR) => Ok(Object::Bool(false)),
        Err(raise) => Err(raise),
    }
}
