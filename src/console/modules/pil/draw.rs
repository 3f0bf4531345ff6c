//! `PIL.ImageDraw` and `PIL.ImageFont`: points, lines, boxes and text, as far as a script about streams draws.

use std::any::Any;
use std::rc::Rc;

use super::font;
use super::object::{Image, image_of, pixel_of};
use super::raster::{Mode, Raster};
use crate::console::call::Args;
use crate::console::class::{self, Class, ClassInfo, OBJECT};
use crate::console::modules::kit::{self, bind_method, float_of, int_of, text_of};
use crate::console::native::{Builtin, Module, Native, downcast};
use crate::console::object::Object;
use crate::console::raise::{Outcome, Raise};
use crate::console::vm::Vm;

const DRAW: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "ImageDraw",
        module: "PIL.ImageDraw",
        bases: &[OBJECT],
        construct: None,
        methods: &["ellipse", "line", "point", "rectangle", "text", "textbbox", "textlength"],
    };
    Class(&INFO)
};

const FONT: Class = {
    static INFO: ClassInfo = ClassInfo {
        name: "ImageFont",
        module: "PIL.ImageFont",
        bases: &[OBJECT],
        construct: None,
        methods: &["getbbox", "getlength"],
    };
    Class(&INFO)
};

/// Makes `PIL.ImageDraw`.
pub(in crate::console::modules) fn load(_vm: &Vm) -> Outcome<Rc<Module>> {
    Ok(kit::module("PIL.ImageDraw", DRAW_FUNCTIONS, [("ImageDraw", Object::Class(DRAW))]))
}

/// Makes `PIL.ImageFont`.
pub(in crate::console::modules) fn load_font(_vm: &Vm) -> Outcome<Rc<Module>> {
    Ok(kit::module("PIL.ImageFont", FONT_FUNCTIONS, [("ImageFont", Object::Class(FONT))]))
}

static DRAW_FUNCTIONS: &[Builtin] = &[Builtin { name: "Draw", python: true, run: draw }];
static FONT_FUNCTIONS: &[Builtin] = &[
    Builtin { name: "load_default", python: true, run: load_default },
    Builtin { name: "truetype", python: true, run: truetype },
];

/// What draws into a picture.
#[derive(Debug)]
struct Draw {
    image: Object,
}

/// The font.
#[derive(Debug)]
struct Font;

fn draw(vm: &Vm, args: Args) -> Outcome {
    let mut bound = args.bind("Draw", &["im", "mode"], 1)?;
    bound.truncate(1);
    let image = bound.pop().flatten().unwrap_or(Object::None);
    image_of(vm, &image)?;
    Ok(Object::Native(Rc::new(Draw { image })))
}

fn load_default(_vm: &Vm, args: Args) -> Outcome {
    args.bind("load_default", &["size"], 0)?;
    Ok(Object::Native(Rc::new(Font)))
}

fn truetype(_vm: &Vm, _args: Args) -> Outcome {
    Err(Raise::new(class::OS_ERROR, "cannot open resource"))
}

/// Places in a list of numbers or of pairs.
fn places(vm: &Vm, object: &Object) -> Outcome<Vec<(i64, i64)>> {
    let mut numbers = Vec::new();
    for item in vm.collect(object)? {
        match number(&item) {
            Some(n) => numbers.push(n),
            None => {
                for part in vm.collect(&item)? {
                    numbers.push(number(&part).ok_or_else(|| Raise::type_error("argument must be sequence"))?);
                }
            }
        }
    }
    if numbers.is_empty() || !numbers.len().is_multiple_of(2) {
        return Err(Raise::value_error("wrong number of coordinates"));
    }
    Ok(numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
}

/// Far outside is as good as farther outside.
fn number(object: &Object) -> Option<i64> {
    float_of(object).map(|n| n.clamp(-1e6, 1e6) as i64)
}

/// Two corners.
fn corners(vm: &Vm, object: &Object) -> Outcome<[i64; 4]> {
    match places(vm, object)?.as_slice() {
        [(x0, _), (x1, _)] if x1 < x0 => Err(Raise::value_error("x1 must be greater than or equal to x0")),
        [(_, y0), (_, y1)] if y1 < y0 => Err(Raise::value_error("y1 must be greater than or equal to y0")),
        [(x0, y0), (x1, y1)] => Ok([*x0, *y0, *x1, *y1]),
        _ => Err(Raise::type_error("coordinate list must contain exactly 2 coordinates")),
    }
}

/// A pixel of a colour; of white where none was given.
fn ink(vm: &Vm, mode: Mode, color: Option<Object>) -> Outcome<Vec<u8>> {
    match color.filter(|color| !color.is_none()) {
        Some(color) => pixel_of(vm, mode, &color),
        None => Ok(vec![255; mode.len()]),
    }
}

fn dot(raster: &mut Raster, x: i64, y: i64, pixel: &[u8]) {
    if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
        && x < raster.width
        && y < raster.height
    {
        raster.put(x, y, pixel);
    }
}

/// All places of a box that are in the picture.
fn fill(raster: &mut Raster, [x0, y0, x1, y1]: [i64; 4], pixel: &[u8], inside: impl Fn(i64, i64) -> bool) {
    let (right, lower) = (x1.min(i64::from(raster.width) - 1), y1.min(i64::from(raster.height) - 1));
    for y in y0.max(0)..=lower {
        for x in x0.max(0)..=right {
            if inside(x, y) {
                dot(raster, x, y, pixel);
            }
        }
    }
}

/// The places that a line goes through.
fn along((x0, y0): (i64, i64), (x1, y1): (i64, i64)) -> impl Iterator<Item = (i64, i64)> {
    let steps = (x1 - x0).abs().max((y1 - y0).abs());
    let at = move |a: i64, b: i64, n: i64| match steps {
        0 => a,
        steps => a + ((b - a) * n * 2 + steps * (b - a).signum()) / (steps * 2),
    };
    (0..=steps).map(move |n| (at(x0, x1, n), at(y0, y1, n)))
}

impl Draw {
    /// Works on the pixels, after their number of steps was counted.
    fn work(&self, vm: &Vm, steps: i64, work: impl FnOnce(&mut Raster)) -> Outcome {
        vm.step(steps.unsigned_abs() / 8 + 1)?;
        work(&mut image_of(vm, &self.image)?.raster.borrow_mut());
        Ok(Object::None)
    }

    fn mode(&self) -> Mode {
        downcast::<Image>(&self.image).map_or(Mode::Rgb, |image| image.raster.borrow().mode)
    }

    fn area(&self) -> i64 {
        downcast::<Image>(&self.image).map_or(0, |image| image.raster.borrow().data.len() as i64)
    }

    fn shape(&self, vm: &Vm, args: Args, method: &str) -> Outcome {
        let round = method == "ellipse";
        let names = ["xy", "fill", "outline", "width"];
        let [xy, filling, outline, width] = bind_method(args, &format!("ImageDraw.{method}"), &names, 1)?;
        let area = corners(vm, &xy.unwrap_or(Object::None))?;
        let width = width.map_or(Ok(1), |width| int_of(vm, &width))?.clamp(0, 1 << 20);
        let filling = filling.filter(|color| !color.is_none());
        let border = if filling.is_some() && outline.as_ref().is_none_or(Object::is_none) { None } else { Some(outline) };
        let filling = filling.map(|color| ink(vm, self.mode(), Some(color))).transpose()?;
        let border = border.map(|color| ink(vm, self.mode(), color)).transpose()?;
        let [x0, y0, x1, y1] = area;
        let within = move |x: i64, y: i64, less: i64| {
            if !round {
                return x >= x0 + less && x <= x1 - less && y >= y0 + less && y <= y1 - less;
            }
            // Twice all lengths, so that the middle of an even one is a whole number.
            let (rx, ry) = ((x1 - x0 + 1 - 2 * less) as f64, (y1 - y0 + 1 - 2 * less) as f64);
            let (dx, dy) = ((2 * x - x0 - x1) as f64, (2 * y - y0 - y1) as f64);
            rx > 0.0 && ry > 0.0 && (dx / rx).powi(2) + (dy / ry).powi(2) <= 1.0
        };
        self.work(vm, self.area() * 2, |raster| {
            if let Some(pixel) = filling {
                fill(raster, area, &pixel, |x, y| within(x, y, 0));
            }
            if let Some(pixel) = border {
                fill(raster, area, &pixel, |x, y| within(x, y, 0) && !within(x, y, width));
            }
        })
    }

    fn text(&self, vm: &Vm, args: Args) -> Outcome {
        let names = ["xy", "text", "fill", "font", "anchor", "spacing", "align"];
        let [xy, text, color, ..] = bind_method(args, "ImageDraw.text", &names, 2)?;
        let at = places(vm, &xy.unwrap_or(Object::None))?;
        let text = text_argument(vm, text)?;
        let pixel = ink(vm, self.mode(), color)?;
        self.work(vm, text.len() as i64 * 300, |raster| {
            let (left, mut y) = at[0];
            let (right, lower) = (i64::from(raster.width), i64::from(raster.height));
            for line in text.split('\n') {
                let mut x = left;
                // What is outside of the picture on the right or below is not drawn.
                for c in line.chars() {
                    if x >= right || y >= lower {
                        break;
                    }
                    for (dx, dy) in font::dots(c) {
                        dot(raster, x + dx, y + dy + 2, &pixel);
                    }
                    x += i64::from(font::ADVANCE);
                }
                y += i64::from(font::LINE);
            }
        })
    }
}

fn text_argument(vm: &Vm, text: Option<Object>) -> Outcome<String> {
    let text = text.unwrap_or(Object::None);
    text_of(&text).ok_or_else(|| Raise::type_error(format!("expected string, not {}", vm.type_name(&text))))
}

fn bounds((x, y): (i64, i64), text: &str) -> Object {
    let (width, height) = font::size(text);
    Object::tuple([x, y + 2, x + width, y + height].map(Object::Int).to_vec())
}

impl Native for Draw {
    fn class(&self) -> Class {
        DRAW
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        match method {
            "text" => self.text(vm, args),
            "rectangle" | "ellipse" => self.shape(vm, args, method),
            "point" => {
                let [xy, color] = bind_method(args, "ImageDraw.point", &["xy", "fill"], 1)?;
                let places = places(vm, &xy.unwrap_or(Object::None))?;
                let pixel = ink(vm, self.mode(), color)?;
                self.work(vm, places.len() as i64, |raster| places.iter().for_each(|(x, y)| dot(raster, *x, *y, &pixel)))
            }
            "line" => {
                let [xy, color, width, _] = bind_method(args, "ImageDraw.line", &["xy", "fill", "width", "joint"], 1)?;
                let places = places(vm, &xy.unwrap_or(Object::None))?;
                let width = width.map_or(Ok(0), |width| int_of(vm, &width))?.clamp(0, 4096);
                let pixel = ink(vm, self.mode(), color)?;
                for pair in places.windows(2) {
                    // A wide line is a box at each of its places; between them the script can be stopped.
                    let reach = width.max(1) - 1;
                    for (x, y) in along(pair[0], pair[1]) {
                        let (left, top) = (x - reach / 2, y - reach / 2);
                        let area = [left, top, left + reach, top + reach];
                        self.work(vm, width * width, |raster| fill(raster, area, &pixel, |_, _| true))?;
                    }
                }
                Ok(Object::None)
            }
            "textbbox" => {
                let [xy, text, _] = bind_method(args, "ImageDraw.textbbox", &["xy", "text", "font"], 2)?;
                let at = places(vm, &xy.unwrap_or(Object::None))?;
                Ok(bounds(at[0], &text_argument(vm, text)?))
            }
            "textlength" => {
                let [text, _] = bind_method(args, "ImageDraw.textlength", &["text", "font"], 1)?;
                Ok(Object::Float(font::size(&text_argument(vm, text)?).0 as f64))
            }
            _ => Err(Raise::no_attribute("ImageDraw", method)),
        }
    }
}

impl Native for Font {
    fn class(&self) -> Class {
        FONT
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, vm: &Vm, _this: &Object, method: &str, args: Args) -> Outcome {
        let [text] = bind_method(args, &format!("ImageFont.{method}"), &["text"], 1)?;
        let text = text_argument(vm, text)?;
        match method {
            "getlength" => Ok(Object::Float(font::size(&text).0 as f64)),
            _ => Ok(bounds((0, 0), &text)),
        }
    }
}
