//! Pictures of 24 megapixels decoded, converted, made smaller, turned and counted, beside Pillow, libvips and ImageMagick in the same run.
//!
//! `cargo bench --bench picture`; `-- --runs 3`, `-- --only thumbnail`, `-- --quick` (1.5 megapixels, one run). One JSON line a case and
//! program. The peers run in the Python that `PEERS_PYTHON` names (else `python3`), through `picture_peers.py`; one that is not
//! installed is named and left out. Memory is the most that was held: of a peer by its process, of ours beyond what was held before.

#[allow(dead_code, reason = "not every benchmark has every kind of case")]
mod harness;
#[path = "harness/memory.rs"]
#[allow(dead_code, reason = "only the watcher is used here")]
mod memory;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use harness::{Bench, OURS, short, sorted};
use image::{DynamicImage, RgbImage, RgbaImage};
use memory::cpu;
use seektell::buffer::Buffer;
use seektell::explore::pixels;
use seektell::formats::options::TiffCompression;
use seektell::formats::picture::ops::{Operations, Resize, Rotation};
use seektell::formats::picture::{self, Limits, Picture};
use seektell::formats::{Format, Options, PictureOptions, convert};
use seektell::tasks::Progress;

/// A picture as a camera makes it: large shapes, edges, fine structure, and the noise of a sensor.
fn photo(width: u32, height: u32) -> RgbImage {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut noise = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // The sum of several is nearly a bell.
        (0..4).map(|part| ((state >> (part * 8)) & 0xFF) as f32).sum::<f32>() / 4.0 - 127.5
    };
    let (columns, rows) = (width as f32, height as f32);
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / columns, y as f32 / rows);
        let sky = 200.0 - 120.0 * v;
        let hills = if v > 0.55 + 0.08 * (u * 9.0).sin() + 0.02 * (u * 47.0).cos() { 90.0 } else { 0.0 };
        let leaves =
            if hills > 0.0 { 22.0 * ((u * 1500.0).sin() * (v * 1100.0).cos() + (u * 310.0 + v * 270.0).sin()) } else { 0.0 };
        let cloud = if hills == 0.0 { 30.0 * ((u * 13.0).sin() + (v * 17.0 + u * 5.0).cos()) } else { 0.0 };
        let grain = noise() / 16.0;
        let value = |base: f32| (base + grain).clamp(0.0, 255.0) as u8;
        image::Rgb([
            value(sky - hills + leaves * 0.8 + cloud),
            value(sky - hills * 0.5 + leaves + cloud),
            value(sky + 40.0 - hills * 1.2 + leaves * 0.5 + cloud * 0.6),
        ])
    })
}

struct Run {
    bench: Bench,
    python: String,
    script: std::path::PathBuf,
}

impl Run {
    /// One case: ours, and the peers' task of this name with this file.
    fn case<R>(&self, name: &str, task: &str, input: &Path, mut ours: impl FnMut() -> R, size: impl Fn(&R) -> u64) {
        self.prepared_case(name, task, input, || (), |()| ours(), size);
    }

    /// The same for work that uses something up, which is made before the clock starts.
    fn prepared_case<T, R>(
        &self,
        name: &str,
        task: &str,
        input: &Path,
        mut prepare: impl FnMut() -> T,
        mut ours: impl FnMut(T) -> R,
        size: impl Fn(&R) -> u64,
    ) {
        if self.bench.only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            return;
        }
        black_box(ours(prepare()));
        let (mut wall, mut cpu, mut peak, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
        for _ in 0..self.bench.runs {
            let mut ready = Some(prepare());
            let before = cpu::own().unwrap_or_default();
            let (result, seconds, more) = memory::measured(|| ready.take().map(&mut ours));
            let Some(result) = result else { continue };
            cpu.push(cpu::own().unwrap_or_default() - before);
            wall.push(seconds);
            peak = peak.max(more);
            bytes = size(&result);
        }
        let (wall, cpu) = (sorted(wall), sorted(cpu));
        let line = serde_json::json!({
            "case": name, "impl": OURS, "unit": "s", "median": short(wall[wall.len() / 2]), "min": short(wall[0]),
            "cpu": short(cpu[cpu.len() / 2]), "peak_mib": short(peak as f64 / (1 << 20) as f64), "size": bytes,
            "runs": self.bench.runs, "load1": harness::load1(),
        });
        println!("{line}");
        for tool in ["pillow", "vips", "magick"] {
            self.peer(name, tool, task, input);
        }
    }

    fn peer(&self, name: &str, tool: &str, task: &str, input: &Path) {
        let runs = self.bench.runs.to_string();
        let output = Command::new(&self.python).arg(&self.script).args([tool, task, &runs]).arg(input).output();
        let skipped = |why: &str| println!("{}", serde_json::json!({ "case": name, "skipped": format!("{tool}: {why}") }));
        let Ok(output) = output else { return skipped("no Python") };
        if !output.status.success() {
            let last = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
            return skipped(&format!("not installed, or it failed: {last}"));
        }
        // Nothing is said about a task that the tool does not have.
        if let Ok(mut line) = serde_json::from_slice::<serde_json::Value>(&output.stdout) {
            line["case"] = name.into();
            println!("{line}");
        }
    }
}

fn decoded(bytes: &Buffer, format: Format) -> Picture {
    picture::decode(bytes, format, Limits::default(), &Progress::new()).expect("what was just written is read")
}

fn converted(bytes: &Buffer, from: Format, to: Format, options: &PictureOptions) -> Vec<u8> {
    let options = Options { picture: options.clone(), ..Options::default() };
    let mut out = Vec::new();
    convert(bytes, from, to, &options, &mut out, &Progress::new()).expect("pictures convert");
    out
}

fn encoded(image: DynamicImage, to: Format, options: &PictureOptions) -> Vec<u8> {
    let whole = Picture::from_rgba8(Format::Png, RgbaImage::new(1, 1));
    let picture = Picture { image, ..whole };
    let mut out = Vec::new();
    picture::encode(&picture, to, options, &mut out, &Progress::new()).expect("pictures are written");
    out
}

fn main() {
    let bench = Bench::from_arguments();
    let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/picture_peers.py");
    let (width, height) = if bench.quick { (1500, 1000) } else { (6000, 4000) };
    let run = Run { bench, python, script };
    let folder = tempfile::tempdir().expect("a folder for the inputs");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the input fits on the disk");
        (path, Buffer::from(bytes.to_vec()))
    };
    let options = PictureOptions::default;
    let image = DynamicImage::from(photo(width, height));
    let (png, png_bytes) = file("photo.png", &encoded(image.clone(), Format::Png, &options()));
    let jpeg = |progressive| PictureOptions { quality: 90, progressive, ..options() };
    let (jpg, jpg_bytes) = file("photo.jpg", &encoded(image.clone(), Format::Jpeg, &jpeg(false)));
    let (prog, prog_bytes) = file("progressive.jpg", &encoded(image.clone(), Format::Jpeg, &jpeg(true)));
    let lzw = PictureOptions { tiff_compression: TiffCompression::Lzw, ..options() };
    let (tif, tif_bytes) = file("photo.tif", &encoded(image.clone(), Format::Tiff, &lzw));
    let (lossless, lossless_bytes) = file("lossless.webp", &encoded(image.clone(), Format::WebP, &options()));

    let none = |_: &Picture| 0;
    let size = |bytes: &Vec<u8>| bytes.len() as u64;
    run.case("decode PNG", "decode", &png, || decoded(&png_bytes, Format::Png), none);
    run.case("decode JPEG", "decode", &jpg, || decoded(&jpg_bytes, Format::Jpeg), none);
    run.case("decode progressive JPEG", "decode", &prog, || decoded(&prog_bytes, Format::Jpeg), none);
    // Lossy WebP is written by a peer: there is no writer of it here.
    let made = Command::new(&run.python).arg(&run.script).args(["pillow", "make webp", "1"]).arg(&png).output();
    match made.ok().and_then(|_| std::fs::read(png.with_file_name("photo.png.webp")).ok()) {
        Some(bytes) => {
            let (webp, webp_bytes) = file("lossy.webp", &bytes);
            run.case("decode WebP", "decode", &webp, || decoded(&webp_bytes, Format::WebP), none);
        }
        None => println!("{{\"case\":\"decode WebP\",\"skipped\":\"nobody is installed who writes lossy WebP\"}}"),
    }
    run.case("decode lossless WebP", "decode", &lossless, || decoded(&lossless_bytes, Format::WebP), none);
    run.case("decode TIFF, LZW", "decode", &tif, || decoded(&tif_bytes, Format::Tiff), none);
    run.case("PNG to JPEG, quality 85", "to jpeg", &png, || converted(&png_bytes, Format::Png, Format::Jpeg, &options()), size);
    let level = |png_level| PictureOptions { png_level, ..options() };
    run.case("JPEG to PNG, fast", "to png fast", &jpg, || converted(&jpg_bytes, Format::Jpeg, Format::Png, &level(0)), size);
    run.case("JPEG to PNG, level 6", "to png 6", &jpg, || converted(&jpg_bytes, Format::Jpeg, Format::Png, &level(6)), size);
    let within = |width, height| PictureOptions {
        operations: Operations { resize: Some(Resize::Thumbnail { width, height }), ..Operations::default() },
        ..options()
    };
    for (name, path, bytes, format) in
        [("thumbnail of a JPEG", &jpg, &jpg_bytes, Format::Jpeg), ("thumbnail of a PNG", &png, &png_bytes, Format::Png)]
    {
        run.case(name, "thumbnail", path, || converted(bytes, format, Format::Jpeg, &within(200, 200)), size);
    }
    let ready = decoded(&png_bytes, Format::Png);
    let apply = |operations: &Operations, picture: Picture| {
        operations.apply(picture, [255; 3], Limits::default(), &Progress::new()).expect("the operation suits the picture")
    };
    let smaller = Operations { resize: Some(Resize::Exact { width: 1920, height: 1280 }), ..Operations::default() };
    run.prepared_case(
        "resize to 1920 x 1280, Lanczos",
        "resize",
        &png,
        || ready.clone(),
        |picture| apply(&smaller, picture),
        none,
    );
    let turned = Operations { rotate: Rotation::Clockwise90, ..Operations::default() };
    run.prepared_case("rotate by 90 degrees", "rotate", &png, || ready.clone(), |picture| apply(&turned, picture), none);
    let two = DynamicImage::ImageRgb8(photo(1_732, 1_155));
    let (two_png, _) = file("two.png", &encoded(two.clone(), Format::Png, &options()));
    run.case("GIF of 2 megapixels", "gif", &two_png, || encoded(two.clone(), Format::Gif, &options()), size);
    let counted = || pixels::measure(&ready.image, &Progress::new()).expect("nobody stops it");
    run.case("histogram", "histogram", &png, counted, |_| 0);
    drop(ready);

    let (wide, high) = (width / 2, height / 2);
    let half = photo(wide, high);
    let clear = RgbaImage::from_fn(wide, high, |x, y| {
        let [r, g, b] = half.get_pixel(x, y).0;
        image::Rgba([r, g, b, ((x * 255) / wide) as u8])
    });
    let (rgba, _) = file("rgba.png", &encoded(clear.clone().into(), Format::Png, &options()));
    let clear = DynamicImage::from(clear);
    let flat = |image: DynamicImage| encoded(image, Format::Jpeg, &options());
    run.prepared_case("flatten RGBA on white, to JPEG", "flatten", &rgba, || clear.clone(), flat, size);
    let (small, small_bytes) = file("small.png", &encoded(photo(800, 600).into(), Format::Png, &options()));
    let mission = || converted(&small_bytes, Format::Png, Format::Jpeg, &within(200, 150));
    run.case("800 x 600 PNG to 200 x 150 JPEG", "mission", &small, mission, size);
}
