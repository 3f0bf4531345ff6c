//! The methods of a picture.

use super::codec::{self, Plugin};
use super::object::{Image, complaint, image_of, pixel_object, pixel_of};
use super::raster::{Mode, Raster, TRANSPOSES};
use super::resample::{self, FILTERS};
use super::{charge, pair};
use crate::console::call::Args;
use crate::console::class;
use crate::console::modules::kit::{bind_method, c_int_of, float_of, int_of, text_of};
use crate::console::native::downcast;
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;
use crate::formats::picture::ops::thumbnail_size;

/// `image.method(*args)`
pub(super) fn call(image: &Image, vm: &Vm, this: &Object, method: &str, args: Args) -> Outcome {
    match method {
        "__enter__" => return Ok(this.clone()),
        "__exit__" | "close" => {
            image.close();
            return Ok(Object::None);
        }
        _ => image.check()?,
    }
    let name = format!("Image.{method}");
    match method {
        "show" | "load" | "verify" => Ok(Object::None),
        "tell" => Ok(Object::Int(0)),
        "seek" => seek(vm, args),
        "copy" => {
            let [] = bind_method(args, &name, &[], 0)?;
            changed(image, vm, Raster::clone)
        }
        "convert" => convert(image, vm, args),
        "crop" => crop(image, vm, args),
        "resize" => resize(image, vm, args),
        "thumbnail" => thumbnail(image, vm, args),
        "rotate" => rotate(image, vm, args),
        "transpose" => {
            let [way] = bind_method(args, &name, &["method"], 1)?;
            let way = int_of(vm, &way.unwrap_or(Object::None))?;
            let way = usize::try_from(way).ok().filter(|way| *way < TRANSPOSES.len());
            let way = way.ok_or_else(|| Raise::value_error("No such transpose operation"))?;
            changed(image, vm, |raster| raster.transposed(way))
        }
        "getpixel" => {
            let [at] = bind_method(args, &name, &["xy"], 1)?;
            let (x, y) = place(vm, image, at)?;
            Ok(pixel_object(image.raster.borrow().pixel(x, y)))
        }
        "putpixel" => {
            let [at, value] = bind_method(args, &name, &["xy", "value"], 2)?;
            let (x, y) = place(vm, image, at)?;
            let mode = image.raster.borrow().mode;
            let pixel = pixel_of(vm, mode, &value.unwrap_or(Object::None))?;
            image.raster.borrow_mut().put(x, y, &pixel);
            Ok(Object::None)
        }
        "paste" => paste(image, vm, args),
        "tobytes" => {
            let raster = image.raster.borrow();
            charge(vm, raster.mode, raster.width, raster.height)?;
            Ok(Object::bytes(if raster.mode == Mode::One { pack_bits(&raster) } else { raster.data.clone() }))
        }
        "getdata" => {
            let raster = image.raster.borrow();
            vm.allocate(raster.data.len() as u64 * 64)?;
            vm.step(raster.data.len() as u64)?;
            Ok(Object::list(raster.data.chunks_exact(raster.mode.len()).map(pixel_object).collect()))
        }
        "getbands" => Ok(Object::tuple(image.raster.borrow().mode.bands().iter().map(Object::str).collect())),
        "split" => {
            let raster = image.raster.borrow();
            charge(vm, raster.mode, raster.width, raster.height)?;
            if raster.mode.len() == 1 {
                return Ok(Object::tuple(vec![Image::object(raster.clone())]));
            }
            Ok(Object::tuple((0..raster.mode.len()).map(|n| Image::object(raster.band(n))).collect()))
        }
        "getextrema" => Ok(extrema(&image.raster.borrow())),
        "getbbox" => Ok(bounding_box(&image.raster.borrow())),
        "getcolors" => colors(image, vm, args),
        "save" => save(image, vm, args),
        _ => Err(Raise::no_attribute("Image", method)),
    }
}

/// A new picture made of this one.
fn changed(image: &Image, vm: &Vm, work: impl FnOnce(&Raster) -> Raster) -> Outcome {
    let raster = image.raster.borrow();
    charge(vm, raster.mode, raster.width, raster.height)?;
    Ok(Image::object(work(&raster)))
}

fn seek(vm: &Vm, args: Args) -> Outcome {
    let [frame] = bind_method(args, "Image.seek", &["frame"], 1)?;
    match int_of(vm, &frame.unwrap_or(Object::None))? {
        0 => Ok(Object::None),
        _ => Err(Raise::new(class::EOF_ERROR, "no more images in file")),
    }
}

/// A pixel's place; negative ones count from the end.
fn place(vm: &Vm, image: &Image, at: Option<Object>) -> Outcome<(u32, u32)> {
    let (x, y) = pair(vm, &at.unwrap_or(Object::None))?;
    let raster = image.raster.borrow();
    let inside = |n: i64, size: u32| {
        let n = if n < 0 { n + i64::from(size) } else { n };
        u32::try_from(n).ok().filter(|n| *n < size)
    };
    match (inside(x, raster.width), inside(y, raster.height)) {
        (Some(x), Some(y)) => Ok((x, y)),
        _ => Err(Raise::new(class::INDEX_ERROR, "image index out of range")),
    }
}

fn convert(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let names = ["mode", "matrix", "dither", "palette", "colors"];
    let [mode, ..] = bind_method(args, "Image.convert", &names, 0)?;
    let from = image.raster.borrow().mode;
    let name = match mode.filter(|mode| !mode.is_none()) {
        // Without a mode a palette is looked up, and all else stays.
        None if from == Mode::P => Some("RGB".to_owned()),
        None => Some(from.name().to_owned()),
        Some(mode) => text_of(&mode),
    };
    let mode = name.as_deref().and_then(Mode::named).ok_or_else(|| match name.as_deref() {
        Some(known @ ("CMYK" | "YCbCr" | "HSV" | "LAB" | "I" | "F" | "RGBX" | "PA" | "RGBa" | "La" | "I;16")) => {
            Raise::value_error(format!("conversion from {} to {known} not supported", from.name()))
        }
        _ => Raise::value_error("image has wrong mode"),
    })?;
    let raster = image.raster.borrow();
    charge(vm, Mode::Rgba, raster.width, raster.height)?;
    Ok(Image::object(raster.converted(mode)))
}

/// Four integers.
fn four(vm: &Vm, object: &Object) -> Outcome<[i64; 4]> {
    let items = vm.collect(object)?;
    let mut numbers = [0; 4];
    if items.len() != 4 {
        return Err(Raise::value_error("not enough values to unpack (expected 4)"));
    }
    for (number, item) in numbers.iter_mut().zip(&items) {
        *number = match item {
            Object::Float(n) => n.round_ties_even() as i64,
            item => c_int_of(vm, item)?,
        };
    }
    Ok(numbers)
}

fn crop(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let [area] = bind_method(args, "Image.crop", &["box"], 0)?;
    let Some(area) = area.filter(|area| !area.is_none()) else { return changed(image, vm, Raster::clone) };
    let [left, top, right, lower] = four(vm, &area)?;
    if right < left {
        return Err(Raise::value_error("Coordinate 'right' is less than 'left'"));
    }
    if lower < top {
        return Err(Raise::value_error("Coordinate 'lower' is less than 'upper'"));
    }
    let side = |n: i64| u32::try_from(n).map_err(|_| Raise::new(class::MEMORY_ERROR, ""));
    let (width, height) = (side(right - left)?, side(lower - top)?);
    let raster = image.raster.borrow();
    charge(vm, raster.mode, width, height)?;
    vm.step(u64::from(width).saturating_mul(u64::from(height)) / 16)?;
    Ok(Image::object(raster.cropped(left, top, width, height)))
}

/// The number of a filter; by itself one that averages, where averages mean something.
fn filter_of(vm: &Vm, object: Option<&Object>) -> Outcome<usize> {
    let Some(object) = object.filter(|object| !object.is_none()) else { return Ok(3) };
    let number = int_of(vm, object)?;
    if let Some(number) = usize::try_from(number).ok().filter(|number| *number < FILTERS.len()) {
        return Ok(number);
    }
    let names: Vec<String> = FILTERS.iter().enumerate().map(|(n, name)| format!("Image.Resampling.{name} ({n})")).collect();
    let (last, most) = names.split_last().map_or(("", &[] as &[String]), |(last, most)| (last.as_str(), most));
    let message = format!("Unknown resampling filter ({number}). Use {} or {last}", most.join(", "));
    Err(Raise::value_error(message))
}

fn resized(vm: &Vm, raster: &Raster, width: u32, height: u32, filter: usize) -> Outcome<Raster> {
    if raster.width == 0 || raster.height == 0 {
        return Err(Raise::value_error("box can't be empty"));
    }
    charge(vm, raster.mode, width, height)?;
    // Between the two passes there is a picture as wide as the result and as high as the source.
    charge(vm, raster.mode, width, raster.height)?;
    resample::resized(raster, width, height, filter, |cost| vm.step(1 + cost / 32))
}

fn resize(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let names = ["size", "resample", "box", "reducing_gap"];
    let [size, filter, area, _] = bind_method(args, "Image.resize", &names, 1)?;
    let filter = filter_of(vm, filter.as_ref())?;
    let (width, height) = pair(vm, &size.unwrap_or(Object::None))?;
    let (Ok(width @ 1..), Ok(height @ 1..)) = (u32::try_from(width), u32::try_from(height)) else {
        return Err(Raise::value_error("height and width must be > 0"));
    };
    let area = area.filter(|area| !area.is_none()).map(|area| four(vm, &area)).transpose()?;
    let raster = image.raster.borrow();
    let part = match area {
        None => None,
        Some([left, top, right, lower]) => {
            let inside = left >= 0 && top >= 0 && right <= raster.width.into() && lower <= raster.height.into();
            if !inside {
                return Err(Raise::value_error("box can't exceed original image size"));
            }
            if right <= left || lower <= top {
                return Err(Raise::value_error("box can't be empty"));
            }
            Some(raster.cropped(left, top, (right - left) as u32, (lower - top) as u32))
        }
    };
    Ok(Image::object(resized(vm, part.as_ref().unwrap_or(&raster), width, height, filter)?))
}

fn thumbnail(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let [size, filter, _] = bind_method(args, "Image.thumbnail", &["size", "resample", "reducing_gap"], 1)?;
    let filter = filter_of(vm, filter.as_ref())?;
    let items = vm.collect(&size.unwrap_or(Object::None))?;
    let [x, y] = items.as_slice() else { return Err(Raise::value_error("not enough values to unpack (expected 2)")) };
    let side = |object: &Object| -> Outcome<i64> {
        match float_of(object) {
            Some(n) if n.floor() >= 1.0 => Ok(n.floor().min(1e9) as i64),
            Some(_) => Err(Raise::value_error("height and width must be > 0")),
            None => Err(Raise::type_error(format!("must be real number, not {}", vm.type_name(object)))),
        }
    };
    let asked = (side(x)?, side(y)?);
    let raster = image.raster.borrow().clone();
    if raster.width == 0 || raster.height == 0 {
        return Ok(Object::None);
    }
    if let Some((width, height)) = thumbnail_size((raster.width, raster.height), asked) {
        let small = resized(vm, &raster, width, height, filter)?;
        *image.raster.borrow_mut() = small;
    }
    Ok(Object::None)
}

fn rotate(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let names = ["angle", "resample", "expand", "center", "translate", "fillcolor"];
    let [angle, _, expand, ..] = bind_method(args, "Image.rotate", &names, 1)?;
    let angle = angle.unwrap_or(Object::None);
    let Some(degrees) = float_of(&angle).filter(|degrees| degrees.is_finite()) else {
        return Err(Raise::type_error(format!("must be real number, not {}", vm.type_name(&angle))));
    };
    let expand = expand.map_or(Ok(false), |expand| vm.truth(&expand))?;
    let raster = image.raster.borrow();
    let diagonal = raster.width.saturating_add(raster.height).saturating_add(2);
    charge(vm, raster.mode, diagonal, if expand { diagonal } else { raster.height })?;
    Ok(Image::object(raster.rotated(degrees, expand)))
}

fn paste(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let [source, area, _] = bind_method(args, "Image.paste", &["im", "box", "mask"], 1)?;
    let source = source.unwrap_or(Object::None);
    let mode = image.raster.borrow().mode;
    let full = [0, 0, image.raster.borrow().width.into(), image.raster.borrow().height.into()];
    let picture = match downcast::<Image>(&source) {
        Some(_) => Some(image_of(vm, &source)?.raster.borrow().converted(mode)),
        None => None,
    };
    let [left, top, right, lower] = match (area.filter(|area| !area.is_none()), &picture) {
        (None, None) => full,
        (None, Some(picture)) => [0, 0, picture.width.into(), picture.height.into()],
        (Some(area), picture) => match (vm.collect(&area)?.len(), picture) {
            (2, Some(picture)) => {
                let (x, y) = pair(vm, &area)?;
                [x, y, x + i64::from(picture.width), y + i64::from(picture.height)]
            }
            (4, _) => four(vm, &area)?,
            _ => return Err(Raise::value_error("cannot determine region size; use 4-item box")),
        },
    };
    let size = (u32::try_from(right - left), u32::try_from(lower - top));
    let (Ok(width), Ok(height)) = size else { return Err(Raise::value_error("images do not match")) };
    let picture = match picture {
        Some(picture) if (picture.width, picture.height) == (width, height) => picture,
        Some(_) => return Err(Raise::value_error("images do not match")),
        None => {
            charge(vm, mode, width, height)?;
            Raster::filled(mode, width, height, &pixel_of(vm, mode, &source)?)
        }
    };
    vm.step(picture.data.len() as u64 / 8)?;
    image.raster.borrow_mut().paste(&picture, left, top);
    Ok(Object::None)
}

/// Eight pixels of black and white in a byte.
fn pack_bits(raster: &Raster) -> Vec<u8> {
    if raster.width == 0 {
        return Vec::new();
    }
    let rows = raster.data.chunks_exact(raster.width as usize);
    let byte = |eight: &[u8]| eight.iter().enumerate().fold(0, |byte, (n, value)| byte | u8::from(*value != 0) << (7 - n));
    rows.flat_map(|row| row.chunks(8).map(byte)).collect()
}

fn extrema(raster: &Raster) -> Object {
    let band = |n: usize| {
        let values = || raster.data.iter().skip(n).step_by(raster.mode.len()).copied();
        let (low, high) = (values().min().unwrap_or(0), values().max().unwrap_or(0));
        Object::tuple(vec![Object::int(low), Object::int(high)])
    };
    match raster.mode.len() {
        1 => band(0),
        len => Object::tuple((0..len).map(band).collect()),
    }
}

/// Around all that is not black, or, with alpha, not transparent.
fn bounding_box(raster: &Raster) -> Object {
    let shown = |pixel: &[u8]| match raster.mode {
        Mode::La | Mode::Rgba => pixel.last().is_some_and(|alpha| *alpha != 0),
        _ => pixel.iter().any(|value| *value != 0),
    };
    let mut bounds: Option<[u32; 4]> = None;
    for y in 0..raster.height {
        for x in (0..raster.width).filter(|x| shown(raster.pixel(*x, y))) {
            let [left, top, right, lower] = bounds.unwrap_or([x, y, x + 1, y + 1]);
            bounds = Some([left.min(x), top.min(y), right.max(x + 1), lower.max(y + 1)]);
        }
    }
    bounds.map_or(Object::None, |bounds| Object::tuple(bounds.map(Object::int).to_vec()))
}

/// How often each colour comes; `None` where there are more than `maxcolors`.
fn colors(image: &Image, vm: &Vm, args: Args) -> Outcome {
    let [most] = bind_method(args, "Image.getcolors", &["maxcolors"], 0)?;
    let most = most.map_or(Ok(256), |most| int_of(vm, &most))?;
    let raster = image.raster.borrow();
    vm.step(raster.data.len() as u64 / 8)?;
    let mut counts: indexmap::IndexMap<&[u8], u64> = indexmap::IndexMap::new();
    for pixel in raster.data.chunks_exact(raster.mode.len()) {
        *counts.entry(pixel).or_default() += 1;
        if counts.len() as i64 > most {
            return Ok(Object::None);
        }
    }
    let entry = |(pixel, count): (&[u8], u64)| Object::tuple(vec![Object::int(count), pixel_object(pixel)]);
    Ok(Object::list(counts.into_iter().map(entry).collect()))
}

/// `save(fp, format=None, **options)`
fn save(image: &Image, vm: &Vm, mut args: Args) -> Outcome {
    let quality = args.take_keyword("quality");
    // Whatever else a codec could be told has no meaning for ours.
    args.keywords.retain(|(name, _)| matches!(&**name, "fp" | "format"));
    let [file, format] = bind_method(args, "Image.save", &["fp", "format"], 1)?;
    let file = file.unwrap_or(Object::None);
    let path = text_of(&file);
    let plugin = match format.filter(|format| !format.is_none()) {
        Some(format) => {
            let Some(name) = text_of(&format) else { return Err(Raise::no_attribute(&vm.type_name(&format), "upper")) };
            let name = name.to_uppercase();
            Plugin::named(&name).ok_or_else(|| Raise::with_args(class::KEY_ERROR, vec![Object::str(&name)]))?
        }
        None => {
            let name = path.as_deref().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default();
            let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, extension)| extension);
            let extension = if extension.is_empty() { String::new() } else { format!(".{}", extension.to_lowercase()) };
            by_extension(&extension).ok_or_else(|| Raise::value_error(format!("unknown file extension: {extension}")))?
        }
    };
    if path.is_some() {
        let shown = vm.repr(&file)?.to_string_lossy();
        return Err(Raise::new(class::PERMISSION_ERROR, format!("[Errno 13] Permission denied: {shown}")));
    }
    let raster = image.raster.borrow().clone();
    if !plugin.writes(raster.mode) {
        let message = format!("cannot write mode {} as {}", raster.mode.name(), plugin.name);
        return Err(Raise::new(class::OS_ERROR, message));
    }
    if raster.width == 0 || raster.height == 0 {
        return Err(Raise::value_error("cannot write empty image"));
    }
    let quality = match quality {
        None => 75,
        Some(quality) => match quality.index() {
            Some(n) => i64::try_from(n).unwrap_or(i64::MAX).clamp(0, 100) as u8,
            None if plugin.name == "JPEG" && image.format() == Some(plugin) && text_of(&quality).as_deref() == Some("keep") => 75,
            None if plugin.name == "JPEG" => return Err(Raise::value_error("Invalid quality setting")),
            None => 75,
        },
    };
    charge(vm, Mode::Rgba, raster.width, raster.height)?;
    vm.step(u64::from(raster.width) * u64::from(raster.height) / 8)?;
    let quality = if quality == 0 { 75 } else { quality };
    let bytes = codec::save(&raster, plugin, quality).map_err(complaint)?;
    vm.call_method(&file, "write", Args::new([Object::bytes(bytes)]))?;
    Ok(Object::None)
}

fn by_extension(extension: &str) -> Option<Plugin> {
    Plugin::named(match extension {
        ".bmp" | ".dib" => "BMP",
        ".gif" => "GIF",
        ".ico" => "ICO",
        ".jpg" | ".jpeg" | ".jpe" | ".jfif" => "JPEG",
        ".png" | ".apng" => "PNG",
        ".ppm" | ".pgm" | ".pbm" | ".pnm" | ".pfm" => "PPM",
        ".qoi" => "QOI",
        ".tga" | ".icb" | ".vda" | ".vst" => "TGA",
        ".tif" | ".tiff" => "TIFF",
        ".webp" => "WEBP",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_the_shape_and_never_grows() {
        assert_eq!(thumbnail_size((800, 600), (200, 150)), Some((200, 150)));
        assert_eq!(thumbnail_size((8, 6), (4, 4)), Some((4, 3)));
        assert_eq!(thumbnail_size((8, 6), (100, 100)), None);
        assert_eq!(thumbnail_size((1000, 1), (10, 10)), Some((10, 1)));
        assert_eq!(thumbnail_size((600, 401), (100, 100)), Some((100, 67)));
    }
}
