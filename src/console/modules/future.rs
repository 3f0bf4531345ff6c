//! `__future__`: what it names is there already.

use std::any::Any;
use std::rc::Rc;

use super::{Loaded, module};
use crate::console::class::{Class, ClassInfo, OBJECT};
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::Outcome;
use crate::console::vm::Vm;

/// A feature: since when it could be asked for, since when it is there, and the number of its flag.
#[derive(Debug)]
struct Feature {
    optional: &'static str,
    mandatory: &'static str,
    flag: u32,
}

const FEATURES: [(&str, Feature); 10] = [
    ("nested_scopes", feature("(2, 1, 0, 'beta', 1)", "(2, 2, 0, 'alpha', 0)", 0x10)),
    ("generators", feature("(2, 2, 0, 'alpha', 1)", "(2, 3, 0, 'final', 0)", 0)),
    ("division", feature("(2, 2, 0, 'alpha', 2)", "(3, 0, 0, 'alpha', 0)", 0x2_0000)),
    ("absolute_import", feature("(2, 5, 0, 'alpha', 1)", "(3, 0, 0, 'alpha', 0)", 0x4_0000)),
    ("with_statement", feature("(2, 5, 0, 'alpha', 1)", "(2, 6, 0, 'alpha', 0)", 0x8_0000)),
    ("print_function", feature("(2, 6, 0, 'alpha', 2)", "(3, 0, 0, 'alpha', 0)", 0x10_0000)),
    ("unicode_literals", feature("(2, 6, 0, 'alpha', 2)", "(3, 0, 0, 'alpha', 0)", 0x20_0000)),
    ("barry_as_FLUFL", feature("(3, 1, 0, 'alpha', 2)", "(4, 0, 0, 'alpha', 0)", 0x40_0000)),
    ("generator_stop", feature("(3, 5, 0, 'beta', 1)", "(3, 7, 0, 'alpha', 0)", 0x80_0000)),
    ("annotations", feature("(3, 7, 0, 'beta', 1)", "None", 0x100_0000)),
];

const fn feature(optional: &'static str, mandatory: &'static str, flag: u32) -> Feature {
    Feature { optional, mandatory, flag }
}

static FEATURE: ClassInfo = ClassInfo { name: "_Feature", module: "__future__", bases: &[OBJECT], construct: None, methods: &[] };

impl Native for Feature {
    fn class(&self) -> Class {
        Class(&FEATURE)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        Ok(format!("_Feature({}, {}, {})", self.optional, self.mandatory, self.flag))
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok((name == "compiler_flag").then(|| Object::Int(self.flag.into())))
    }
}

pub(super) fn load(_vm: &Vm) -> Loaded {
    let names = Object::list(FEATURES.iter().map(|(name, _)| Object::str(name)).collect());
    let features = FEATURES.into_iter().map(|(name, feature)| (name, Object::Native(Rc::new(feature))));
    Ok(module("__future__", features.chain([("all_feature_names", names)])))
}
