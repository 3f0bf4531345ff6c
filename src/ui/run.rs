//! From a command line to a real window, with a sentence where that is not possible.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::{NativeOptions, Renderer};
use egui::ViewportBuilder;

use super::native::NativeDialogs;
use super::{Runner, Window, load_settings, settings_path};
use crate::app::{Command, Settings, SourceCommand};
use crate::process::{CommandLine, Limits};

/// What the window begins with.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Files to open.
    pub paths: Vec<PathBuf>,
    /// Read standard input as a document.
    pub standard_input: bool,
    /// Addresses to open.
    pub addresses: Vec<String>,
    /// A program to run and capture, which the person who started this has typed.
    pub capture: Option<(CommandLine, Limits)>,
}

/// The window's name for desktops; equal to the base name of the desktop file, or the icon is missing in the dock.
const APP_ID: &str = "seektell";

/// Opens the window and returns when it is closed. The error is one sentence: why there is no window.
pub fn run(launch: Launch) -> Result<(), String> {
    display_is_there()?;
    let settings = load_settings();
    let attempt = |renderer: Renderer| attempt(renderer, &launch, &settings);
    let first = attempt(Renderer::Glow);
    #[cfg(feature = "wgpu")]
    let first = first.or_else(|_| attempt(Renderer::Wgpu));
    first
}

fn attempt(renderer: Renderer, launch: &Launch, settings: &Settings) -> Result<(), String> {
    let launch = launch.clone();
    let settings = settings.clone();
    let start = move || {
        eframe::run_native(
            "Seektell",
            options(renderer, &settings),
            Box::new(move |cc| {
                let ctx = cc.egui_ctx.clone();
                let wake = ctx.clone();
                let waker: crate::tasks::Waker = Arc::new(move || wake.request_repaint());
                let dialogs = Box::new(NativeDialogs::new(waker.clone(), rfd::AsyncFileDialog::new().set_parent(cc)));
                let mut window = Window::new(&ctx, settings, Runner::new(waker, dialogs, settings_path()));
                window.send(&ctx, [Command::Started]);
                if !launch.paths.is_empty() {
                    window.send(&ctx, [Command::OpenPaths(launch.paths)]);
                }
                if launch.standard_input {
                    window.send(&ctx, [Command::OpenStandardInput]);
                }
                for address in launch.addresses {
                    window.send(&ctx, [Command::Source(SourceCommand::Fetch(address))]);
                }
                if let Some((command, limits)) = launch.capture {
                    window.send(&ctx, [Command::Source(SourceCommand::Capture(command, limits))]);
                }
                Ok(Box::new(App(window)))
            }),
        )
    };
    // A missing library of the keyboard panics deep below instead of returning an error.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(start)) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(sentence(&error)),
        Err(_) => Err("a library that windows need is missing (on Debian: libxkbcommon-x11-0)".into()),
    }
}

fn options(renderer: Renderer, settings: &Settings) -> NativeOptions {
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icons/seektell.png")).unwrap_or_default();
    let viewport = ViewportBuilder::default()
        .with_title("Seektell")
        .with_app_id(APP_ID)
        .with_icon(icon)
        .with_inner_size(settings.window.unwrap_or([1280.0, 800.0]))
        .with_min_inner_size([480.0, 320.0])
        .with_drag_and_drop(true);
    NativeOptions { viewport, renderer, event_loop_builder: event_loop(), ..NativeOptions::default() }
}

/// X11 where there is one: `winit` takes no dropped files on Wayland, and does not fall back when the Wayland socket is stale.
#[cfg(target_os = "linux")]
fn event_loop() -> Option<eframe::EventLoopBuilderHook> {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    std::env::var_os("DISPLAY").filter(|display| !display.is_empty())?;
    Some(Box::new(|builder| {
        builder.with_x11();
    }))
}

#[cfg(not(target_os = "linux"))]
fn event_loop() -> Option<eframe::EventLoopBuilderHook> {
    None
}

/// Says at once that there is no display, where that is plain to see.
fn display_is_there() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if set("DISPLAY").is_some() || set("WAYLAND_SOCKET").is_some() {
        return Ok(());
    }
    let Some(display) = set("WAYLAND_DISPLAY") else {
        return Err("neither DISPLAY nor WAYLAND_DISPLAY is set".into());
    };
    let socket = match set("XDG_RUNTIME_DIR") {
        Some(folder) if Path::new(&display).is_relative() => Path::new(&folder).join(&display),
        _ => PathBuf::from(&display),
    };
    if socket.exists() { Ok(()) } else { Err("WAYLAND_DISPLAY names a display that is not there".into()) }
}

/// What is missing, for a person.
fn sentence(error: &eframe::Error) -> String {
    let text = error.to_string();
    if text.contains("XOpenDisplayFailed") || format!("{error:?}").contains("XOpenDisplayFailed") {
        return "the display that DISPLAY names does not answer".into();
    }
    match error {
        eframe::Error::NoGlutinConfigs(..) | eframe::Error::Glutin(_) => {
            "no OpenGL was found (on Debian: libgl1); a build with the wgpu feature may work".into()
        }
        _ => text.lines().next().unwrap_or("the window system gave no reason").to_owned(),
    }
}

/// The window inside eframe.
struct App(Window);

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.0.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.0.ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
