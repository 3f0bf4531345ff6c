//! A picture as an object.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::codec::{Opened, Plugin};
use super::color::{self, luma};
use super::raster::{Mode, Raster};
use super::{IMAGE, class_of, methods};
use crate::console::call::Args;
use crate::console::class::{self, Class};
use crate::console::modules::kit::{c_int_of, int_of};
use crate::console::native::{Native, downcast};
use crate::console::object::{Dict, Object};
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::formats::FormatError;

/// A picture.
#[derive(Debug)]
pub(super) struct Image {
    class: Class,
    pub(super) raster: RefCell<Raster>,
    plugin: Option<Plugin>,
    info: Object,
    /// Why a part of it is missing, until somebody wants the pixels.
    broken: RefCell<Option<String>>,
    closed: Cell<bool>,
}

impl Image {
    fn with(class: Class, raster: Raster, plugin: Option<Plugin>, broken: Option<String>) -> Object {
        Object::Native(Rc::new(Self {
            class,
            raster: RefCell::new(raster),
            plugin,
            info: Object::Dict(Rc::new(Dict::default())),
            broken: RefCell::new(broken),
            closed: Cell::new(false),
        }))
    }

    /// A picture that was made here.
    pub(super) fn object(raster: Raster) -> Object {
        Self::with(IMAGE, raster, None, None)
    }

    /// A picture that was read.
    pub(super) fn opened(opened: Opened) -> Object {
        Self::with(class_of(opened.plugin), opened.raster, Some(opened.plugin), opened.broken)
    }

    /// What touches pixels asks first.
    pub(super) fn check(&self) -> Outcome<()> {
        if self.closed.get() {
            return Err(Raise::value_error("Operation on closed image"));
        }
        match self.broken.borrow_mut().take() {
            Some(why) => Err(Raise::new(class::OS_ERROR, format!("image file is truncated ({why})"))),
            None => Ok(()),
        }
    }

    pub(super) fn close(&self) {
        self.closed.set(true);
    }

    pub(super) fn format(&self) -> Option<Plugin> {
        self.plugin
    }
}

/// The picture in `object`.
pub(super) fn image_of<'a>(vm: &Vm, object: &'a Object) -> Outcome<&'a Image> {
    downcast::<Image>(object)
        .ok_or_else(|| Raise::no_attribute(&vm.type_name(object), "im"))
        .and_then(|image| image.check().map(|()| image))
}

/// A codec's complaint as an exception.
pub(super) fn complaint(error: FormatError) -> Raise {
    match error {
        FormatError::Limit { .. } => Raise::new(class::MEMORY_ERROR, ""),
        other => Raise::new(class::OS_ERROR, other.to_string()),
    }
}

/// Width and height.
pub(super) fn size_of(vm: &Vm, object: &Object) -> Outcome<(u32, u32)> {
    let items = match object {
        Object::Tuple(tuple) => tuple.items.clone(),
        Object::List(list) => list.items.borrow().clone(),
        _ => return Err(Raise::value_error("Size must be a list or tuple")),
    };
    let [width, height] = items.as_slice() else {
        return Err(Raise::value_error("Size must be a sequence of length 2"));
    };
    let (width, height) = (c_int_of(vm, width)?, c_int_of(vm, height)?);
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(width), Ok(height)) => Ok((width, height)),
        _ => Err(Raise::value_error("Width and height must be >= 0")),
    }
}

/// A colour in words.
pub(super) fn named_color(name: &str) -> Outcome<[u8; 4]> {
    color::parse(name)
        .ok_or_else(|| Raise::value_error(format!("unknown color specifier: {}", crate::stream::str_repr(&name.into()))))
}

/// The bytes of a pixel of this colour.
pub(super) fn pixel_of(vm: &Vm, mode: Mode, color: &Object) -> Outcome<Vec<u8>> {
    if let Object::Str(text) = color {
        let [r, g, b, a] = named_color(&text.to_string_lossy())?;
        return Ok(match mode {
            Mode::One | Mode::L => vec![luma([r, g, b])],
            Mode::La => vec![luma([r, g, b]), a],
            Mode::P => vec![0],
            Mode::Rgb => vec![r, g, b],
            Mode::Rgba => vec![r, g, b, a],
        });
    }
    let byte = |object: &Object| -> Outcome<u8> { Ok(int_of(vm, object)?.clamp(0, 255) as u8) };
    let parts = match color {
        Object::Tuple(tuple) => Some(tuple.items.clone()),
        Object::List(list) => Some(list.items.borrow().clone()),
        _ => None,
    };
    let single = matches!(mode, Mode::One | Mode::L | Mode::P);
    match (parts.as_deref(), mode) {
        (Some([one]), _) if single => Ok(vec![byte(one)?]),
        (Some(_), _) if single => Err(Raise::type_error("color must be int or single-element tuple")),
        (Some([l]), Mode::La) => Ok(vec![byte(l)?, 255]),
        (Some([l, a]), Mode::La) => Ok(vec![byte(l)?, byte(a)?]),
        (Some(_), Mode::La) => Err(Raise::type_error("color must be int, or tuple of one or two elements")),
        (Some([one]), _) => spread(byte(one)?.into(), mode),
        (Some([r, g, b]), _) => Ok([byte(r)?, byte(g)?, byte(b)?, 255][..mode.len()].to_vec()),
        (Some([r, g, b, a]), _) => Ok([byte(r)?, byte(g)?, byte(b)?, byte(a)?][..mode.len()].to_vec()),
        (Some(_), _) => Err(Raise::type_error("color must be int, or tuple of one, three or four elements")),
        (None, _) if color.index().is_none() => {
            let what = if single { "color must be int or single-element tuple" } else { "color must be int or tuple" };
            Err(Raise::type_error(what))
        }
        (None, _) if single => Ok(vec![byte(color)?]),
        (None, _) => spread(int_of(vm, color)?, mode),
    }
}

/// An integer holds the channels in its bytes, the first in the lowest.
fn spread(n: i64, mode: Mode) -> Outcome<Vec<u8>> {
    let bytes = n.to_le_bytes();
    Ok(if mode == Mode::La { vec![bytes[0], bytes[3]] } else { bytes[..mode.len()].to_vec() })
}

/// A pixel as `getpixel` gives it.
pub(super) fn pixel_object(pixel: &[u8]) -> Object {
    match pixel {
        [one] => Object::int(*one),
        channels => Object::tuple(channels.iter().map(|value| Object::int(*value)).collect()),
    }
}

impl Native for Image {
    fn class(&self) -> Class {
        self.class
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn repr(&self, _vm: &Vm) -> Outcome<String> {
        let address = std::ptr::from_ref(self).cast::<()>() as usize;
        let raster = self.raster.borrow();
        let class = self.class.qualified_name();
        Ok(format!("<{class} image mode={} size={}x{} at 0x{address:X}>", raster.mode.name(), raster.width, raster.height))
    }

    fn call(&self, vm: &Vm, this: &Object, method: &str, args: Args) -> Outcome {
        methods::call(self, vm, this, method, args)
    }

    fn attribute(&self, _vm: &Vm, name: &str) -> Outcome<Option<Object>> {
        let raster = self.raster.borrow();
        Ok(Some(match name {
            "size" => Object::tuple(vec![Object::int(raster.width), Object::int(raster.height)]),
            "width" => Object::int(raster.width),
            "height" => Object::int(raster.height),
            "mode" => Object::str(raster.mode.name()),
            "format" => self.plugin.map_or(Object::None, |plugin| Object::str(plugin.name)),
            "format_description" => self.plugin.map_or(Object::None, |plugin| Object::str(plugin.description)),
            "info" => self.info.clone(),
            "readonly" => Object::Int(0),
            "is_animated" if self.plugin.is_some() => Object::Bool(false),
            "n_frames" if self.plugin.is_some() => Object::Int(1),
            "has_transparency_data" => Object::Bool(matches!(raster.mode, Mode::La | Mode::Rgba)),
            _ => return Ok(None),
        }))
    }

    fn binary(&self, _vm: &Vm, operator: &str, other: &Object, _reflected: bool) -> Outcome<Option<Object>> {
        let Some(other) = downcast::<Self>(other) else { return Ok(None) };
        let same = || self.class == other.class && (std::ptr::eq(self, other) || *self.raster.borrow() == *other.raster.borrow());
        Ok(match operator {
            "==" => Some(Object::Bool(same())),
            "!=" => Some(Object::Bool(!same())),
            _ => None,
        })
    }

    fn is_context_manager(&self) -> bool {
        true
    }
}
