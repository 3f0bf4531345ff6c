//! Digests and checksums of the selection or the document, which follow every change of a small one by themselves.

use egui::{ComboBox, CursorIcon, Key, Label, Response, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, vec2};

use super::theme::{ROW, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{binary_size, count, group, places};
use crate::app::{Command, HashCommand, HashKey, LIVE_UNITS, OpenDocument, parse_algorithm};
use crate::document::{DocumentId, StreamKind};
use crate::explore::hash::{Algorithm, Digest, PRESETS, Verdict, compare};

/// How long a selection or a content stands still before its digests are calculated, in seconds.
const DELAY: f64 = 0.25;

/// Width of the functions' names in points.
const NAMES: f32 = 30.0 * UNIT;

/// The pane of digests. Holds what is typed in its fields.
#[derive(Default)]
pub struct HashPane {
    /// What is to be calculated when it has stood still, and since when it stands.
    waiting: Option<(DocumentId, HashKey, f64)>,
    expected: String,
    added: String,
}

/// How the digests that are there stand to what is shown now.
#[derive(Clone, Copy, PartialEq)]
enum Freshness {
    /// They are of it.
    Fresh,
    /// They are being calculated.
    Running,
    /// They will be calculated as soon as nothing changes.
    Soon,
    /// They are calculated when somebody asks.
    OnDemand,
}

impl View for HashPane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let key = cx.state.hash_key(open);
        let freshness = self.follow(ui, open, &key, cx, commands);
        ScrollArea::vertical().id_salt("hashes").auto_shrink([false, false]).show(ui, |ui| {
            subject(ui, open, &key, cx, commands);
            state(ui, freshness, &key, cx, commands);
            ui.add_space(UNIT);
            let digests = match open.hashes.result.as_ref().map(|(_, result)| &**result) {
                Some(Ok(digests)) => digests.as_slice(),
                Some(Err(error)) => {
                    ui.add(Label::new(RichText::new(error).color(cx.theme.error)).wrap());
                    &[]
                }
                None => &[],
            };
            let verdict = if freshness == Freshness::Fresh { compare(&self.expected, digests) } else { Verdict::Nothing };
            for algorithm in Algorithm::COMMON.into_iter().chain(others(&key)) {
                let digest = digests.iter().find(|digest| digest.algorithm == algorithm);
                let row = Row { algorithm, chosen: key.algorithms.contains(&algorithm), digest, freshness };
                row.show(ui, verdict == Verdict::Matches(algorithm), cx, commands);
            }
            ui.add_space(UNIT);
            self.add(ui, &key, cx, commands);
            self.expect(ui, &verdict, freshness, cx);
            if !digests.is_empty() && ui.button("Copy all").on_hover_text("Copies every digest with its name").clicked() {
                let line = |digest: &Digest| format!("{}: {}\n", digest.algorithm.label(), digest.hex);
                ui.ctx().copy_text(digests.iter().map(line).collect());
            }
        });
    }
}

/// Chosen functions that are not among the common ones.
fn others(key: &HashKey) -> impl Iterator<Item = Algorithm> + '_ {
    key.algorithms.iter().copied().filter(|one| !Algorithm::COMMON.contains(one))
}

/// What the digests are of, and the choice where there is one.
fn subject(ui: &mut Ui, open: &OpenDocument, key: &HashKey, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    let document = &open.document;
    let (start, end) = key.range;
    let selected = document.selection().is_some();
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW);
        if selected {
            for (whole, name) in [(false, "Selection"), (true, "Document")] {
                if ui.selectable_label(open.hashes.whole == whole, name).clicked() {
                    commands.push(Command::Hash(HashCommand::Whole(whole)));
                }
            }
        } else {
            ui.label(RichText::new("Document").strong());
        }
        let size = count(end - start, document.kind().unit());
        let part = selected && !open.hashes.whole;
        let note = match (document.kind(), binary_size(end - start)) {
            (StreamKind::Bytes, _) if part => format!("{size}, {}", places(start, end)),
            (StreamKind::Text, _) if part => format!("{size} from {} on, as UTF-8", group(start)),
            (StreamKind::Text, _) => format!("{size}, as UTF-8"),
            (StreamKind::Bytes, Some(binary)) => format!("{size}, {binary}"),
            (StreamKind::Bytes, None) => size,
        };
        ui.label(RichText::new(note).color(cx.theme.text_dim));
    });
}

/// Whether the digests are those of what is shown, and what can be done about it.
fn state(ui: &mut Ui, freshness: Freshness, key: &HashKey, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
    if key.algorithms.is_empty() {
        ui.label(RichText::new("Tick the functions to calculate").color(cx.theme.text_dim));
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(ROW + UNIT);
        match freshness {
            Freshness::Fresh => _ = ui.label(RichText::new("Up to date").color(cx.theme.good)),
            Freshness::Soon => _ = ui.label(RichText::new("Out of date").color(cx.theme.text_dim)),
            Freshness::Running => {
                ui.label(RichText::new("Calculating…").color(cx.theme.text_dim));
                if ui.button("Stop").clicked() {
                    commands.push(Command::Hash(HashCommand::Stop));
                }
            }
            Freshness::OnDemand => {
                if ui.button("Calculate").on_hover_text("All chosen functions in one pass over the bytes").clicked() {
                    commands.push(Command::Hash(HashCommand::Calculate));
                }
                ui.label(RichText::new("Not calculated for what is shown").color(cx.theme.warning));
            }
        }
    });
}

impl HashPane {
    /// Sees to it that digests are calculated when what they are of has stood still for a moment.
    fn follow(&mut self, ui: &Ui, open: &OpenDocument, key: &HashKey, cx: &ViewCx<'_>, commands: &mut Vec<Command>) -> Freshness {
        let id = open.document.id();
        if open.hashes.result.as_ref().is_some_and(|(of, _)| of == key) || key.algorithms.is_empty() {
            self.waiting = None;
            return Freshness::Fresh;
        }
        if cx.state.hashing(id) == Some(key) {
            return Freshness::Running;
        }
        if open.hashes.stopped.as_ref() == Some(key) || key.range.1 - key.range.0 > LIVE_UNITS {
            return Freshness::OnDemand;
        }
        let now = ui.input(|input| input.time);
        let since = match &self.waiting {
            Some((of, what, since)) if *of == id && what == key => *since,
            _ => {
                // What is shown for the first time is calculated at once.
                let since = if open.hashes.result.is_none() { now - DELAY } else { now };
                self.waiting = Some((id, key.clone(), since));
                since
            }
        };
        if now - since >= DELAY {
            self.waiting = None;
            commands.push(Command::Hash(HashCommand::Calculate));
            return Freshness::Running;
        }
        ui.ctx().request_repaint_after_secs((since + DELAY - now) as f32);
        Freshness::Soon
    }

    /// One more function: one that is not always offered, a CRC of the catalogue, or one with parameters of its own.
    fn add(&mut self, ui: &mut Ui, key: &HashKey, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            let combo =
                ComboBox::from_id_salt("more functions").selected_text("Add another").width(NAMES - UNIT).height(80.0 * UNIT);
            let response = combo.show_ui(ui, |ui| {
                let crcs = PRESETS.iter().map(|preset| Algorithm::Crc(preset.crc));
                for algorithm in Algorithm::MORE.into_iter().chain(crcs) {
                    let chosen = key.algorithms.contains(&algorithm);
                    let mut entry = ui.selectable_label(chosen, algorithm.label());
                    if let Algorithm::Crc(crc) = algorithm {
                        entry = entry.on_hover_text(crc.to_string());
                    }
                    if entry.clicked() {
                        commands.push(Command::Hash(HashCommand::Choose(algorithm, !chosen)));
                    }
                }
            });
            response
                .response
                .accessible_name("Add another")
                .on_hover_text("More functions, and the CRCs of the catalogue by width");
            let edit = TextEdit::singleline(&mut self.added)
                .id_salt("hash parameters")
                .hint_text("width=16 poly=0x8005 …")
                .desired_width((ui.available_width() - 2.0 * UNIT).max(20.0 * UNIT))
                .min_size(vec2(0.0, ROW + UNIT));
            let field = ui.add(edit).accessible_name("CRC parameters");
            let field = field
                .on_hover_text("A CRC of your own: width=16 poly=0x8005 init=0xFFFF refin=true refout=true xorout=0, then Enter");
            if field.lost_focus()
                && ui.input(|input| input.key_pressed(Key::Enter))
                && let Ok(algorithm) = parse_algorithm(&self.added)
            {
                commands.push(Command::Hash(HashCommand::Choose(algorithm, true)));
                self.added.clear();
            }
        });
        if !self.added.trim().is_empty() {
            let (text, color) = match parse_algorithm(&self.added) {
                Ok(algorithm) => (format!("Enter adds {}", algorithm.label()), cx.theme.text_dim),
                Err(error) => (error, cx.theme.error),
            };
            ui.add(Label::new(RichText::new(text).small().color(color)).wrap());
        }
    }

    /// A digest from elsewhere, and whether it is one of these.
    fn expect(&mut self, ui: &mut Ui, verdict: &Verdict, freshness: Freshness, cx: &ViewCx<'_>) {
        ui.horizontal(|ui| {
            ui.allocate_ui(vec2(NAMES - UNIT, ROW), |ui| {
                ui.set_min_width(NAMES - UNIT);
                ui.label("Compare with");
            });
            let edit = TextEdit::singleline(&mut self.expected)
                .id_salt("expected digest")
                .font(egui::TextStyle::Monospace)
                .hint_text("paste a digest")
                .desired_width((ui.available_width() - 2.0 * UNIT).max(20.0 * UNIT))
                .min_size(vec2(0.0, ROW + UNIT));
            ui.add(edit)
                .accessible_name("Expected digest")
                .on_hover_text("Hexadecimal digits, base64, or the line of a sum file");
        });
        let names = |functions: &[Algorithm]| functions.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ");
        let (text, color) = match verdict {
            Verdict::Nothing if freshness != Freshness::Fresh && !self.expected.trim().is_empty() => {
                ("Compared when the digests are calculated".to_owned(), cx.theme.text_dim)
            }
            Verdict::Nothing => return,
            Verdict::NoDigest(why) => (why.clone(), cx.theme.error),
            Verdict::Matches(function) => (format!("It matches: this is the {} of these bytes", function.label()), cx.theme.good),
            Verdict::Differs(functions) => (format!("It differs: not the {} of these bytes", names(functions)), cx.theme.error),
            Verdict::NotCalculated(functions) => {
                (format!("It could be {}: tick that to compare", names(functions)), cx.theme.warning)
            }
        };
        ui.add(Label::new(RichText::new(text).color(color)).wrap());
    }
}

/// A function, and what it made of the bytes.
struct Row<'a> {
    algorithm: Algorithm,
    chosen: bool,
    digest: Option<&'a Digest>,
    freshness: Freshness,
}

impl Row<'_> {
    fn show(&self, ui: &mut Ui, matches: bool, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let name = self.algorithm.label();
        ui.horizontal_top(|ui| {
            let mut chosen = self.chosen;
            let cell = ui.allocate_ui(vec2(NAMES, ROW), |ui| {
                ui.set_width(NAMES);
                let hover = match self.algorithm {
                    Algorithm::Crc(crc) => crc.to_string(),
                    _ => "Calculate it".into(),
                };
                ui.checkbox(&mut chosen, &name).on_hover_text(hover).changed()
            });
            if cell.inner {
                commands.push(Command::Hash(HashCommand::Choose(self.algorithm, chosen)));
            }
            let Some(digest) = self.digest.filter(|_| self.chosen) else { return };
            let color = match self.freshness {
                Freshness::Fresh if matches => cx.theme.good,
                Freshness::Fresh => cx.theme.text,
                _ => cx.theme.text_dim,
            };
            let response = ui.vertical(|ui| {
                ui.add_space(UNIT);
                copyable(ui, &name, &digest.hex, color)
            });
            let response = response.inner;
            if response.has_focus() {
                let stroke = egui::Stroke::new(super::theme::FOCUS_RING, cx.theme.accent);
                ui.painter().rect_stroke(response.rect.expand(1.0), 2.0, stroke, egui::StrokeKind::Outside);
            }
        });
    }
}

/// A digest, broken where the pane ends, that a click or Enter puts on the clipboard.
fn copyable(ui: &mut Ui, name: &str, hex: &str, color: egui::Color32) -> Response {
    let text = RichText::new(hex).monospace().color(color);
    let label = Label::new(text).wrap_mode(egui::TextWrapMode::Wrap).selectable(false).sense(Sense::click());
    let response = ui.add(label).on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Click to copy");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {hex}")));
    if response.clicked() {
        ui.ctx().copy_text(hex.to_owned());
    }
    response
}
