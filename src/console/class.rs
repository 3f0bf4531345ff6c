//! Classes: the built-in types, the streams, the exceptions.

use super::call::Args;
use super::raise::Outcome;
use super::vm::Vm;

/// A class, known to the program from the start (scripts make no classes). Two are the same when they are the same static.
#[derive(Clone, Copy)]
pub struct Class(pub &'static ClassInfo);

/// What a class is.
pub struct ClassInfo {
    /// `__name__`: `BytesIO`.
    pub name: &'static str,
    /// `__module__`: `_io`, `builtins`, `zipfile`.
    pub module: &'static str,
    /// The base classes, in order; empty for `object` only.
    pub bases: &'static [Class],
    /// Calling the class. `None`: `TypeError: cannot create 'X' instances`.
    pub construct: Option<fn(&Vm, Class, Args) -> Outcome>,
    /// The names of its methods that are for users, for completion, `dir`, `hasattr` and `Class.method`.
    pub methods: &'static [&'static str],
}

impl Class {
    /// `repr`: `<class '_io.BytesIO'>`.
    pub fn repr(self) -> String {
        format!("<class '{}'>", self.qualified_name())
    }

    /// The name with its module, but for built-ins: `_io.BytesIO`, `int`.
    pub fn qualified_name(self) -> String {
        match self.0.module {
            "builtins" => self.0.name.to_owned(),
            module => format!("{module}.{}", self.0.name),
        }
    }

    /// Whether it is `other`, comes from it, or is registered to it.
    pub fn is_subclass_of(self, other: Self) -> bool {
        self == other
            || self.0.bases.iter().any(|base| base.is_subclass_of(other))
            || super::modules::io::classes::is_registered(self, other)
    }

    /// `__mro__`: depth first, each class after everything that comes from it.
    pub fn mro(self) -> Vec<Self> {
        let mut order = Vec::new();
        self.push_mro(&mut order);
        order
    }

    fn push_mro(self, order: &mut Vec<Self>) {
        order.retain(|class| *class != self);
        order.push(self);
        for base in self.0.bases {
            base.push_mro(order);
        }
    }
}

impl PartialEq for Class {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Class {}

impl std::fmt::Debug for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repr())
    }
}

/// Writes down exception classes: `NAME = "Name" in "module": BASE, BASE;`
macro_rules! exception_classes {
    ($($constant:ident = $name:literal in $module:literal: $($base:ident),+;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub const $constant: Class = {
                static INFO: ClassInfo = ClassInfo {
                    name: $name,
                    module: $module,
                    bases: &[$($base),+],
                    construct: Some(super::raise::construct_exception),
                    methods: &["add_note", "with_traceback"],
                };
                Class(&INFO)
            };
        )*
        /// Every exception class, bases first.
        pub const EXCEPTIONS: &[Class] = &[$($constant),*];
    };
}

/// `object`
pub const OBJECT: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "object",
        module: "builtins",
        bases: &[],
        construct: Some(super::types::construct_object),
        methods: &[],
    };
    Class(&INFO)
};

exception_classes! {
    BASE_EXCEPTION = "BaseException" in "builtins": OBJECT;
    EXCEPTION = "Exception" in "builtins": BASE_EXCEPTION;
    GENERATOR_EXIT = "GeneratorExit" in "builtins": BASE_EXCEPTION;
    KEYBOARD_INTERRUPT = "KeyboardInterrupt" in "builtins": BASE_EXCEPTION;
    SYSTEM_EXIT = "SystemExit" in "builtins": BASE_EXCEPTION;
    ARITHMETIC_ERROR = "ArithmeticError" in "builtins": EXCEPTION;
    FLOATING_POINT_ERROR = "FloatingPointError" in "builtins": ARITHMETIC_ERROR;
    OVERFLOW_ERROR = "OverflowError" in "builtins": ARITHMETIC_ERROR;
    ZERO_DIVISION_ERROR = "ZeroDivisionError" in "builtins": ARITHMETIC_ERROR;
    ASSERTION_ERROR = "AssertionError" in "builtins": EXCEPTION;
    ATTRIBUTE_ERROR = "AttributeError" in "builtins": EXCEPTION;
    BUFFER_ERROR = "BufferError" in "builtins": EXCEPTION;
    EOF_ERROR = "EOFError" in "builtins": EXCEPTION;
    IMPORT_ERROR = "ImportError" in "builtins": EXCEPTION;
    MODULE_NOT_FOUND_ERROR = "ModuleNotFoundError" in "builtins": IMPORT_ERROR;
    LOOKUP_ERROR = "LookupError" in "builtins": EXCEPTION;
    INDEX_ERROR = "IndexError" in "builtins": LOOKUP_ERROR;
    KEY_ERROR = "KeyError" in "builtins": LOOKUP_ERROR;
    MEMORY_ERROR = "MemoryError" in "builtins": EXCEPTION;
    NAME_ERROR = "NameError" in "builtins": EXCEPTION;
    UNBOUND_LOCAL_ERROR = "UnboundLocalError" in "builtins": NAME_ERROR;
    OS_ERROR = "OSError" in "builtins": EXCEPTION;
    BLOCKING_IO_ERROR = "BlockingIOError" in "builtins": OS_ERROR;
    FILE_EXISTS_ERROR = "FileExistsError" in "builtins": OS_ERROR;
    FILE_NOT_FOUND_ERROR = "FileNotFoundError" in "builtins": OS_ERROR;
    PERMISSION_ERROR = "PermissionError" in "builtins": OS_ERROR;
    TIMEOUT_ERROR = "TimeoutError" in "builtins": OS_ERROR;
    RUNTIME_ERROR = "RuntimeError" in "builtins": EXCEPTION;
    NOT_IMPLEMENTED_ERROR = "NotImplementedError" in "builtins": RUNTIME_ERROR;
    RECURSION_ERROR = "RecursionError" in "builtins": RUNTIME_ERROR;
    STOP_ITERATION = "StopIteration" in "builtins": EXCEPTION;
    SYNTAX_ERROR = "SyntaxError" in "builtins": EXCEPTION;
    TYPE_ERROR = "TypeError" in "builtins": EXCEPTION;
    VALUE_ERROR = "ValueError" in "builtins": EXCEPTION;
    UNICODE_ERROR = "UnicodeError" in "builtins": VALUE_ERROR;
    UNICODE_DECODE_ERROR = "UnicodeDecodeError" in "builtins": UNICODE_ERROR;
    UNICODE_ENCODE_ERROR = "UnicodeEncodeError" in "builtins": UNICODE_ERROR;
    UNICODE_TRANSLATE_ERROR = "UnicodeTranslateError" in "builtins": UNICODE_ERROR;
    WARNING = "Warning" in "builtins": EXCEPTION;
    DEPRECATION_WARNING = "DeprecationWarning" in "builtins": WARNING;
    RUNTIME_WARNING = "RuntimeWarning" in "builtins": WARNING;
    USER_WARNING = "UserWarning" in "builtins": WARNING;
    UNSUPPORTED_OPERATION = "UnsupportedOperation" in "io": OS_ERROR, VALUE_ERROR;
    CSV_ERROR = "Error" in "_csv": EXCEPTION;
    JSON_DECODE_ERROR = "JSONDecodeError" in "json.decoder": VALUE_ERROR;
    BAD_ZIP_FILE = "BadZipFile" in "zipfile": EXCEPTION;
    LARGE_ZIP_FILE = "LargeZipFile" in "zipfile": EXCEPTION;
    BINASCII_ERROR = "Error" in "binascii": VALUE_ERROR;
    UNIDENTIFIED_IMAGE_ERROR = "UnidentifiedImageError" in "PIL": OS_ERROR;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsupported_operation_is_both_an_os_error_and_a_value_error() {
        let names: Vec<String> = UNSUPPORTED_OPERATION.mro().into_iter().map(Class::repr).collect();
        let expected = ["io.UnsupportedOperation", "OSError", "ValueError", "Exception", "BaseException", "object"];
        assert_eq!(names, expected.map(|name| format!("<class '{name}'>")));
    }
}
