//! `PIL` and `PIL.Image`: pictures in memory, as far as a script about streams goes.

mod codec;
mod color;
mod methods;
mod object;
mod raster;
mod resample;

use std::rc::Rc;

use super::kit::{self, buffer_of, c_int_of, text_of, vec_of};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::native::{Builtin, Module};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use codec::Plugin;
use object::{Image, pixel_of, size_of};
use raster::{Mode, Raster, TRANSPOSES};
use resample::FILTERS;

const METHODS: &[&str] = &[
    "close",
    "convert",
    "copy",
    "crop",
    "getbands",
    "getbbox",
    "getcolors",
    "getdata",
    "getextrema",
    "getpixel",
    "load",
    "paste",
    "putpixel",
    "resize",
    "rotate",
    "save",
    "seek",
    "show",
    "split",
    "tell",
    "thumbnail",
    "tobytes",
    "transpose",
    "verify",
];

macro_rules! class {
    ($constant:ident = $name:literal in $module:literal: $base:ident) => {
        #[doc = concat!("`", $module, ".", $name, "`")]
        const $constant: Class = {
            static INFO: ClassInfo =
                ClassInfo { name: $name, module: $module, bases: &[$base], construct: None, methods: METHODS };
            Class(&INFO)
        };
    };
}

class!(IMAGE = "Image" in "PIL.Image": OBJECT);
class!(IMAGE_FILE = "ImageFile" in "PIL.ImageFile": IMAGE);
class!(BMP = "BmpImageFile" in "PIL.BmpImagePlugin": IMAGE_FILE);
class!(GIF = "GifImageFile" in "PIL.GifImagePlugin": IMAGE_FILE);
class!(ICO = "IcoImageFile" in "PIL.IcoImagePlugin": IMAGE_FILE);
class!(JPEG = "JpegImageFile" in "PIL.JpegImagePlugin": IMAGE_FILE);
class!(PNG = "PngImageFile" in "PIL.PngImagePlugin": IMAGE_FILE);
class!(PPM = "PpmImageFile" in "PIL.PpmImagePlugin": IMAGE_FILE);
class!(QOI = "QoiImageFile" in "PIL.QoiImagePlugin": IMAGE_FILE);
class!(TGA = "TgaImageFile" in "PIL.TgaImagePlugin": IMAGE_FILE);
class!(TIFF = "TiffImageFile" in "PIL.TiffImagePlugin": IMAGE_FILE);
class!(WEBP = "WebPImageFile" in "PIL.WebPImagePlugin": IMAGE_FILE);

macro_rules! numbers {
    ($constant:ident = $name:literal) => {
        #[doc = concat!("`PIL.Image.", $name, "`: names for numbers.")]
        const $constant: Class = {
            static INFO: ClassInfo =
                ClassInfo { name: $name, module: "PIL.Image", bases: &[OBJECT], construct: None, methods: &[] };
            Class(&INFO)
        };
    };
}

numbers!(RESAMPLING = "Resampling");
numbers!(TRANSPOSE = "Transpose");

/// The class of a picture that was opened.
fn class_of(plugin: Plugin) -> Class {
    match plugin.name {
        "BMP" => BMP,
        "GIF" => GIF,
        "ICO" => ICO,
        "JPEG" => JPEG,
        "PNG" => PNG,
        "PPM" => PPM,
        "QOI" => QOI,
        "TGA" => TGA,
        "TIFF" => TIFF,
        "WEBP" => WEBP,
        _ => IMAGE_FILE,
    }
}

/// Makes the package.
pub(super) fn load(_vm: &Vm) -> Outcome<Rc<Module>> {
    let error = Object::Class(class::UNIDENTIFIED_IMAGE_ERROR);
    Ok(kit::module("PIL", &[], [("__version__", Object::str("12.0.0")), ("UnidentifiedImageError", error)]))
}

/// Makes `PIL.Image`.
pub(super) fn load_image(_vm: &Vm) -> Outcome<Rc<Module>> {
    let classes = [
        ("Image", IMAGE),
        ("Resampling", RESAMPLING),
        ("Transpose", TRANSPOSE),
        ("UnidentifiedImageError", class::UNIDENTIFIED_IMAGE_ERROR),
    ];
    let classes = classes.map(|(name, class)| (name, Object::Class(class)));
    let numbers = FILTERS.iter().enumerate().chain(TRANSPOSES.iter().enumerate());
    let numbers = numbers.map(|(n, name)| (*name, Object::int(n as u64)));
    Ok(kit::module("PIL.Image", FUNCTIONS, classes.into_iter().chain(numbers)))
}

/// `Image.Resampling.LANCZOS`
pub(super) fn class_attribute(class: Class, name: &str) -> Option<Object> {
    let names: &[&str] = match class.0.name {
        "Resampling" => &FILTERS,
        "Transpose" => &TRANSPOSES,
        _ => return None,
    };
    names.iter().position(|known| *known == name).map(|n| Object::int(n as u64))
}

static FUNCTIONS: &[Builtin] = &[
    Builtin { name: "frombytes", python: true, run: from_bytes },
    Builtin { name: "merge", python: true, run: merge },
    Builtin { name: "new", python: true, run: new },
    Builtin { name: "open", python: true, run: open },
];

/// The mode called so: `ValueError: unrecognized image mode`.
fn mode_of(vm: &Vm, object: &Object) -> Outcome<Mode> {
    let Some(name) = text_of(object) else {
        return Err(Raise::type_error(format!("argument 1 must be str, not {}", vm.type_name(object))));
    };
    Mode::named(&name).ok_or_else(|| Raise::value_error("unrecognized image mode"))
}

/// Memory and steps for so many pixels.
fn charge(vm: &Vm, mode: Mode, width: u32, height: u32) -> Outcome<()> {
    let bytes = u64::from(width).saturating_mul(u64::from(height)).saturating_mul(mode.len() as u64);
    // A second copy is on the way in most operations.
    vm.allocate(bytes.saturating_mul(2))?;
    vm.step(bytes / 64)
}

/// `Image.new(mode, size, color=0)`
fn new(vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("new", &["mode", "size", "color"], 2)?;
    let [Some(mode), Some(size), color] = bound.as_slice() else { return Ok(Object::None) };
    let (width, height) = size_of(vm, size)?;
    let mode = mode_of(vm, mode)?;
    charge(vm, mode, width, height)?;
    let mut palette = Vec::new();
    let pixel = match color {
        None | Some(Object::None) => vec![0; mode.len()],
        Some(Object::Str(text)) if mode == Mode::P => {
            palette.push(object::named_color(&text.to_string_lossy())?);
            vec![0]
        }
        Some(color) => pixel_of(vm, mode, color)?,
    };
    let raster = Raster { palette, ..Raster::filled(mode, width, height, &pixel) };
    Ok(Image::object(raster))
}

/// `Image.frombytes(mode, size, data)`
fn from_bytes(vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("frombytes", &["mode", "size", "data", "decoder_name"], 3)?;
    let [Some(mode), Some(size), Some(data), _] = bound.as_slice() else { return Ok(Object::None) };
    let (width, height) = size_of(vm, size)?;
    let mode = mode_of(vm, mode)?;
    charge(vm, mode, width, height)?;
    let mut data = vec_of(vm, &kit::bytes_like(vm, data)?)?;
    if mode == Mode::One {
        return Ok(Image::object(unpack_bits(&data, width, height)?));
    }
    let len = width as usize * height as usize * mode.len();
    if data.len() < len {
        return Err(Raise::value_error("not enough image data"));
    }
    data.truncate(len);
    Ok(Image::object(Raster { mode, width, height, data, palette: Vec::new() }))
}

/// Black and white comes with eight pixels in a byte.
fn unpack_bits(packed: &[u8], width: u32, height: u32) -> Outcome<Raster> {
    let stride = width.div_ceil(8) as usize;
    if packed.len() < stride * height as usize {
        return Err(Raise::value_error("not enough image data"));
    }
    let mut data = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height as usize {
        let row = &packed[y * stride..];
        data.extend((0..width as usize).map(|x| if row[x / 8] >> (7 - x % 8) & 1 == 1 { 255 } else { 0 }));
    }
    Ok(Raster { mode: Mode::One, width, height, data, palette: Vec::new() })
}

/// `Image.merge(mode, bands)`
fn merge(vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("merge", &["mode", "bands"], 2)?;
    let [Some(mode), Some(bands)] = bound.as_slice() else { return Ok(Object::None) };
    let mode = mode_of(vm, mode)?;
    let bands = vm.collect(bands)?;
    if bands.len() != mode.len() {
        return Err(Raise::value_error("wrong number of bands"));
    }
    let mut rasters = Vec::with_capacity(bands.len());
    for band in &bands {
        rasters.push(object::image_of(vm, band)?.raster.borrow().clone());
    }
    let Some(first) = rasters.first().cloned() else { return Err(Raise::value_error("wrong number of bands")) };
    if rasters.iter().any(|band| band.mode.len() != 1) {
        return Err(Raise::value_error("mode mismatch"));
    }
    if rasters.iter().any(|band| (band.width, band.height) != (first.width, first.height)) {
        return Err(Raise::value_error("size mismatch"));
    }
    charge(vm, mode, first.width, first.height)?;
    let data = (0..first.data.len()).flat_map(|at| rasters.iter().map(move |band| band.data[at])).collect();
    Ok(Image::object(Raster { mode, data, palette: Vec::new(), ..first }))
}

/// `Image.open(fp, mode='r', formats=None)`
fn open(vm: &Vm, args: Args) -> Outcome {
    let bound = args.bind("open", &["fp", "mode", "formats"], 1)?;
    let [Some(file), mode, _] = bound.as_slice() else { return Ok(Object::None) };
    if let Some(mode) = mode.as_ref().filter(|mode| text_of(mode).as_deref() != Some("r")) {
        return Err(Raise::value_error(format!("bad mode {}", vm.repr(mode)?.to_string_lossy())));
    }
    if vm.class_of(file).0.name == "StringIO" {
        let message = "StringIO cannot be used to open an image. Binary data must be used instead.";
        return Err(Raise::value_error(message));
    }
    if matches!(file, Object::Str(_) | Object::Bytes(_)) {
        let message = format!("[Errno 2] No such file or directory: {}", vm.repr(file)?.to_string_lossy());
        return Err(Raise::new(class::FILE_NOT_FOUND_ERROR, message));
    }
    match vm.call_method(file, "seek", Args::new([Object::Int(0)])) {
        Err(raise) if !raise.is(class::ATTRIBUTE_ERROR) && !raise.is(class::UNSUPPORTED_OPERATION) => return Err(raise),
        _ => {}
    }
    let read = vm.call_method(file, "read", Args::default())?;
    let bytes = buffer_of(vm, &read)?.unwrap_or_default();
    vm.step(bytes.len().get() / 64)?;
    let opened = codec::open(&bytes, 1 << 30).map_err(object::complaint)?;
    let Some(opened) = opened else {
        let message = format!("cannot identify image file {}", vm.repr(file)?.to_string_lossy());
        return Err(Raise::new(class::UNIDENTIFIED_IMAGE_ERROR, message));
    };
    charge(vm, opened.raster.mode, opened.raster.width, opened.raster.height)?;
    Ok(Image::opened(opened))
}

/// Two integers, as positions are given.
fn pair(vm: &Vm, object: &Object) -> Outcome<(i64, i64)> {
    match vm.collect(object)?.as_slice() {
        [x, y] => Ok((c_int_of(vm, x)?, c_int_of(vm, y)?)),
        _ => Err(Raise::type_error("argument must be sequence of length 2")),
    }
}
