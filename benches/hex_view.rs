//! How long a frame of the hex view takes, laid out and tessellated; one JSON line a case. `layout_us` and `frame_us` are
//! medians by the clock, `fastest_us` is the best frame, `cpu_us` the processor time of a frame on average, with the state's
//! change between frames in it.
//!
//! `cargo bench --bench hex_view`

use std::time::Instant;

use egui::{Event, Pos2, RawInput, Rect, vec2};
use seektell::app::{AppState, Command, Settings};
use seektell::buffer::{Buffer, Len};
use seektell::document::Operation;
use seektell::ui::hex_view::HexView;
use seektell::ui::theme::{self, ROW, Theme};
use seektell::ui::{View, ViewCx};

/// A document of 2^60 bytes whose visible part holds every byte.
fn document(columns: u16, at: u64) -> AppState {
    let mut state = AppState::new(Settings { columns: Some(columns), panes: Vec::new(), ..Settings::default() });
    state.apply(Command::OpenBytes { name: "bench".into(), bytes: Vec::new() });
    state.apply(Command::Perform(Operation::Insert { at: 0, data: Buffer::filled(0, Len(1 << 60)).into() }));
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let bytes: Vec<u8> = (0..4 << 20)
        .map(|_| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed as u8
        })
        .collect();
    let data = Buffer::from(bytes).into();
    state.apply(Command::Perform(Operation::Replace { start: at, end: at + (4 << 20), data }));
    state.apply(Command::MoveCursor { to: at, extend: false });
    state
}

/// Processor time of this process so far in seconds, where the system tells.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn case(name: &str, rows: u32, columns: u16, at: u64, target_us: f64) {
    let mut state = document(columns, at);
    let ctx = egui::Context::default();
    theme::install(&ctx);
    let theme = Theme::dark();
    let mut view = HexView::new();
    let size = vec2(f32::from(columns) * 34.0 + 260.0, (rows + 1) as f32 * ROW);
    let (mut layout, mut all) = (Vec::new(), Vec::new());
    let frames = 600;
    let cpu = cpu_seconds();
    for frame in 0..frames {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            time: Some(f64::from(frame) / 60.0),
            events: vec![Event::PointerGone],
            ..RawInput::default()
        };
        let mut commands = Vec::new();
        let start = Instant::now();
        let mut output = ctx.run_ui(input, |ui| {
            let Some(open) = state.active() else { return };
            let cx = ViewCx { theme: &theme, settings: state.settings(), state: &state, now: 0.0 };
            view.show(ui, open, &cx, &mut commands);
        });
        let shapes = std::mem::take(&mut output.shapes);
        layout.push(start.elapsed());
        let primitives = ctx.tessellate(shapes, output.pixels_per_point);
        all.push(start.elapsed());
        assert!(!primitives.is_empty());
        output.textures_delta.clear();
        for command in commands {
            state.apply(command);
        }
        // Each frame shows another page.
        let page = u64::from(rows) * u64::from(columns);
        let to = at + (u64::from(frame as u32) % 32 + 1) * page;
        state.apply(Command::MoveCursor { to, extend: false });
    }
    let cpu = cpu.zip(cpu_seconds()).map_or("null".into(), |(from, to)| format!("{:.1}", (to - from) * 1e6 / f64::from(frames)));
    let fastest = all.iter().min().map_or(0.0, |time| time.as_secs_f64() * 1e6);
    let shown = view.geometry().map_or(0, seektell::ui::hex_view::HexGeometry::whole_rows);
    let median = |times: &mut Vec<std::time::Duration>| {
        times.drain(..times.len() / 6);
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e6
    };
    let (layout, all) = (median(&mut layout), median(&mut all));
    println!(
        "{{\"bench\":\"hex_view\",\"case\":\"{name}\",\"rows\":{shown},\"columns\":{columns},\"offset\":{at},\"layout_us\":{layout:.1},\"frame_us\":{all:.1},\"fastest_us\":{fastest:.1},\"cpu_us\":{cpu},\"target_us\":{target_us},\"within\":{}}}",
        all <= target_us
    );
}

fn main() {
    case("page of 60 x 16 at the start", 60, 16, 0, 150.0);
    case("page of 60 x 16 at 2^59", 60, 16, 1 << 59, 150.0);
    case("page of 120 x 64 at the start", 120, 64, 0, 1500.0);
    case("page of 120 x 64 at 2^59", 120, 64, 1 << 59, 1500.0);
}
