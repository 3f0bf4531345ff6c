//! `io.IncrementalNewlineDecoder`

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use num_bigint::BigInt;

use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::modules::kit::Signature;
use crate::console::native::Native;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::types::stream::to_object;
use crate::console::vm::Vm;
use crate::stream::codec::NewlineDecoder;

/// `io.IncrementalNewlineDecoder`
pub(super) const NEWLINE_DECODER: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "IncrementalNewlineDecoder",
        module: "_io",
        bases: &[OBJECT],
        construct: Some(construct),
        methods: &["decode", "getstate", "reset", "setstate"],
    };
    Class(&INFO)
};

#[derive(Debug)]
struct Decoder {
    /// What the input goes through first; `None` where it is text already.
    under: Object,
    engine: RefCell<NewlineDecoder>,
}

/// `io.IncrementalNewlineDecoder(decoder, translate, errors='strict')`
fn construct(vm: &Vm, _class: Class, args: Args) -> Outcome {
    let signature = Signature {
        function: "IncrementalNewlineDecoder",
        names: &["decoder", "translate", "errors"],
        positional: 3,
        required: 2,
    };
    let mut bound = signature.bind(args)?.into_iter();
    let under = bound.next().flatten().unwrap_or(Object::None);
    let translate = flag(vm, &bound.next().flatten().unwrap_or(Object::Int(0)))?;
    let engine = RefCell::new(NewlineDecoder::new(None, translate));
    Ok(Object::Native(Rc::new(Decoder { under, engine })))
}

/// An `int` as a C function takes it for a truth.
fn flag(vm: &Vm, object: &Object) -> Outcome<bool> {
    let Some(number) = object.index() else {
        let name = vm.type_name(object);
        return Err(Raise::type_error(format!("'{name}' object cannot be interpreted as an integer")));
    };
    match i32::try_from(&number) {
        Ok(number) => Ok(number != 0),
        Err(_) => Err(Raise::new(class::OVERFLOW_ERROR, "Python int too large to convert to C int")),
    }
}

impl Decoder {
    fn decode(&self, vm: &Vm, args: Args) -> Outcome {
        let signature = Signature { function: "decode", names: &["input", "final"], positional: 2, required: 1 };
        let mut bound = signature.bind(args)?.into_iter();
        let input = bound.next().flatten().unwrap_or(Object::None);
        let last = bound.next().flatten().map_or(Ok(false), |last| flag(vm, &last))?;
        let input = if self.under.is_none() {
            input
        } else {
            vm.call_method(&self.under, "decode", Args::new([input, Object::Bool(last)]))?
        };
        let Object::Str(text) = &input else {
            let name = vm.type_name(&input);
            return Err(Raise::type_error(format!("decoder should return a string result, not '{name}'")));
        };
        vm.step(1 + text.len() / 64)?;
        vm.allocate(text.byte_len().get())?;
        Ok(Object::Str(self.engine.borrow_mut().decode_text(text.clone(), last)?))
    }

    /// Bytes and a number; the last bit of the number is a `\r` that waits.
    fn state(&self, vm: &Vm) -> Outcome {
        let (bytes, flags) = if self.under.is_none() {
            (Object::bytes(&[][..]), BigInt::from(0))
        } else {
            let state = vm.call_method(&self.under, "getstate", Args::default())?;
            split(&state).ok_or_else(illegal)?
        };
        let pending = self.engine.borrow().state().1 & 1;
        Ok(Object::tuple(vec![bytes, Object::int((flags << 1) | BigInt::from(pending))]))
    }

    fn set_state(&self, vm: &Vm, state: &Object) -> Outcome {
        if !matches!(state, Object::Tuple(_)) {
            return Err(Raise::type_error("state argument must be a tuple"));
        }
        let (bytes, flags) = split(state).ok_or_else(illegal)?;
        self.engine.borrow_mut().set_state(&[], u64::from(flags.bit(0)));
        if !self.under.is_none() {
            let inner = Object::tuple(vec![bytes, Object::int(flags >> 1)]);
            vm.call_method(&self.under, "setstate", Args::new([inner]))?;
        }
        Ok(Object::None)
    }

    fn reset(&self, vm: &Vm) -> Outcome {
        self.engine.borrow_mut().reset();
        if !self.under.is_none() {
            vm.call_method(&self.under, "reset", Args::default())?;
        }
        Ok(Object::None)
    }
}

fn illegal() -> Raise {
    Raise::type_error("setstate(): illegal state argument")
}

fn split(state: &Object) -> Option<(Object, BigInt)> {
    match state {
        Object::Tuple(tuple) => match tuple.items.as_slice() {
            [bytes, flags] => Some((bytes.clone(), flags.index()?)),
            _ => None,
        },
        _ => None,
    }
}

impl Native for Decoder {
    fn class(&self) -> Class {
        NEWLINE_DECODER
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        let name = format!("IncrementalNewlineDecoder.{method}");
        match method {
            "decode" => self.decode(vm, args),
            "getstate" => {
                args.none(&name)?;
                self.state(vm)
            }
            "setstate" => self.set_state(vm, &args.one(&name)?),
            "reset" => {
                args.none(&name)?;
                self.reset(vm)
            }
            _ => Err(Raise::no_attribute("_io.IncrementalNewlineDecoder", method)),
        }
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        Ok((name == "newlines").then(|| to_object(self.engine.borrow().seen().to_value())))
    }
}
