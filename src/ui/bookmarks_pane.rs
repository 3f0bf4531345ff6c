//! The bookmarks of the document in front: a list by place, in which everything can be changed where it stands.

use egui::{
    Button, Label, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::theme::{ROW, SMALL, UNIT};
use super::{View, ViewCx};
use crate::app::numbers::{count, group};
use crate::app::{Action, BookmarkCommand, Command, OpenDocument};
use crate::document::{Bookmark, BookmarkColor, BookmarkId, DocumentId};

/// Height of a line of a bookmark.
const LINE: f32 = ROW + UNIT / 2.0;

/// A bookmark's height in the list: three lines, and what is around and between them.
const HEIGHT: f32 = 3.0 * LINE + 4.0 * UNIT;

/// What the button of the colour is wide, so that the names stand under each other.
const SWATCH: f32 = 16.0 * UNIT;

/// The pane. Holds what is searched for, and the field that is being typed in.
#[derive(Default)]
pub(super) struct BookmarksPane {
    filter: String,
    drafts: Vec<Draft>,
}

/// A field that has the keyboard, or that was left with something wrong in it; with what is typed in it so far.
struct Draft {
    document: DocumentId,
    mark: BookmarkId,
    field: Field,
    text: String,
}

/// What is wrong with what is typed, if anything is.
type Check<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What of a bookmark can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Field {
    Name,
    Range,
    Comment,
}

impl View for BookmarksPane {
    fn show(&mut self, ui: &mut Ui, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        self.bar(ui, cx, commands);
        let marks = open.document.bookmarks();
        self.drafts.retain(|draft| draft.document == open.document.id() && marks.get(draft.mark).is_some());
        if marks.is_empty() {
            let press = crate::ui::shortcuts::keys_of(ui.ctx(), Action::AddBookmark, cx);
            let press = press.map_or_else(|| "add a bookmark".to_owned(), |keys| format!("press {keys}"));
            let words = format!(
                "Select something and {press} to give it a name, a colour and a comment. Bookmarks move with what is put in and \
                 taken out before them. They are not part of the document, and are kept only where you export them."
            );
            ui.add(Label::new(RichText::new(words).color(cx.theme.text_dim)).wrap());
            return;
        }
        let wanted = self.filter.trim().to_lowercase();
        let matches = |mark: &&Bookmark| {
            wanted.is_empty() || mark.name().to_lowercase().contains(&wanted) || mark.comment.to_lowercase().contains(&wanted)
        };
        let shown: Vec<&Bookmark> = marks.iter().filter(matches).collect();
        if shown.is_empty() {
            ui.label(
                RichText::new(format!("None of {} has that", count(marks.len() as u64, "bookmark"))).color(cx.theme.text_dim),
            );
            return;
        }
        let step = HEIGHT - ui.spacing().item_spacing.y;
        ScrollArea::vertical().id_salt(("bookmarks", open.document.id().get())).auto_shrink([false, false]).show_rows(
            ui,
            step,
            shown.len(),
            |ui, seen| {
                for mark in &shown[seen] {
                    self.row(ui, mark, open, cx, commands);
                }
            },
        );
    }
}

impl BookmarksPane {
    fn bar(&mut self, ui: &mut Ui, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().button_padding.y = UNIT / 2.0;
            for (action, label) in [
                (Action::AddBookmark, "Add"),
                (Action::ImportBookmarks, "Import…"),
                (Action::ExportBookmarks, "Export…"),
                (Action::RemoveBookmarks, "Remove all"),
            ] {
                if ui.add_enabled(action.enabled(cx.state), Button::new(label)).on_hover_text(action.help()).clicked() {
                    commands.push(Command::Do(action));
                }
            }
            let width = ui.available_width().max(20.0 * UNIT);
            let field = TextEdit::singleline(&mut self.filter).hint_text("Find by name or comment").desired_width(width);
            ui.add(field).accessible_name("Find a bookmark by name or comment");
        });
        ui.add_space(UNIT);
    }

    fn row(&mut self, ui: &mut Ui, mark: &Bookmark, open: &OpenDocument, cx: &ViewCx<'_>, commands: &mut Vec<Command>) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT - ui.spacing().item_spacing.y), Sense::hover());
        let inner = rect.shrink2(vec2(0.0, UNIT / 2.0)).with_max_x(rect.max.x - 2.0 * UNIT);
        let (ground, line) = cx.theme.bookmark(mark.color);
        ui.painter().rect_filled(inner, UNIT, cx.theme.ground);
        ui.painter().rect_filled(Rect::from_min_size(inner.min, vec2(UNIT, inner.height())), 0.0, line);
        let mut child = ui.new_child(UiBuilder::new().max_rect(inner.shrink2(vec2(2.0 * UNIT, UNIT))).id_salt(mark.id().get()));
        let ui = &mut child;
        ui.spacing_mut().item_spacing.y = UNIT / 2.0;
        ui.spacing_mut().interact_size.y = LINE;
        ui.spacing_mut().button_padding.y = 1.0;
        let id = mark.id();
        let mut ask = |command| commands.push(Command::Bookmark(command));
        ui.horizontal(|ui| {
            let swatch = Button::new(RichText::new(mark.color.name()).size(SMALL))
                .fill(ground)
                .stroke(Stroke::new(1.0, line))
                .min_size(vec2(SWATCH, LINE));
            let (response, _) = egui::containers::menu::MenuButton::from_button(swatch).ui(ui, |ui| {
                for color in BookmarkColor::ALL {
                    let (ground, line) = cx.theme.bookmark(color);
                    let button = Button::new(color.name()).fill(ground).stroke(Stroke::new(1.0, line)).min_size(vec2(80.0, 0.0));
                    if ui.add(button.selected(color == mark.color)).clicked() {
                        ask(BookmarkCommand::Color(id, color));
                        ui.close();
                    }
                }
            });
            response.on_hover_text("Its colour");
            let width = ui.available_width();
            self.field(ui, Field::Name, mark.name(), width, mark, open, None, &mut ask);
        });
        let mut wrong = None;
        // The buttons take what they need, the range the rest.
        ui.allocate_ui_with_layout(vec2(ui.available_width(), LINE), egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let remove = ui.button("×").on_hover_text("Removes the bookmark; the content stays, and undo brings it back");
            remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Remove {}", mark.name())));
            if remove.clicked() {
                ask(BookmarkCommand::Remove(id));
            }
            if ui.add_enabled(!mark.is_empty(), Button::new("Select")).on_hover_text(size(mark, open)).clicked() {
                ask(BookmarkCommand::Select(id));
            }
            if ui.button("Go").on_hover_text("Moves the cursor to its start").clicked() {
                ask(BookmarkCommand::Go(id));
            }
            let range = format!("0x{:X}..0x{:X}", mark.start(), mark.end());
            let width = ui.available_width();
            let check = |text: &str| cx.state.bookmark_range(text).err();
            wrong = self.field(ui, Field::Range, &range, width, mark, open, Some(&check), &mut ask);
        });
        // What is wrong stands under the range, in the place of the comment: every bookmark keeps its height.
        match wrong {
            Some(wrong) => {
                let label = Label::new(RichText::new(&wrong).size(SMALL).color(cx.theme.error)).truncate();
                ui.add(label).on_hover_text(wrong);
            }
            None => {
                let width = ui.available_width();
                self.field(ui, Field::Comment, &mark.comment, width, mark, open, None, &mut ask);
            }
        }
        if mark.is_empty() && mark.start() < open.document.size() {
            ui.painter().rect_stroke(inner, UNIT, Stroke::new(1.0, cx.theme.line), StrokeKind::Inside);
        }
    }

    /// A field whose text is taken over when it is left, or with Enter; Escape leaves everything as it was. What `check` finds
    /// wrong is not taken over and stays to be mended; it is the answer.
    #[expect(clippy::too_many_arguments, reason = "a field stands between the bookmark and the window")]
    fn field(
        &mut self,
        ui: &mut Ui,
        field: Field,
        value: &str,
        width: f32,
        mark: &Bookmark,
        open: &OpenDocument,
        check: Option<&Check<'_>>,
        ask: &mut impl FnMut(BookmarkCommand),
    ) -> Option<String> {
        let (document, id) = (open.document.id(), mark.id());
        let is_mine = |draft: &Draft| draft.mark == id && draft.field == field;
        let drafted = self.drafts.iter().position(is_mine).map(|at| self.drafts.swap_remove(at));
        let had = drafted.is_some();
        let mut text = drafted.map_or_else(|| value.to_owned(), |draft| draft.text);
        let wrong = |text: &str| check.filter(|_| text != value).and_then(|check| check(text));
        let (hint, what) = match field {
            Field::Name => ("name", "Name"),
            Field::Range => ("0x10..0x20", "Range"),
            Field::Comment => ("comment", "Comment"),
        };
        let before = text.clone();
        let mut edit = TextEdit::singleline(&mut text)
            .id(ui.make_persistent_id((id.get(), field)))
            .desired_width(width)
            .margin(vec2(UNIT, 0.0))
            .min_size(vec2(0.0, LINE))
            .align(egui::Align2::LEFT_CENTER)
            .hint_text(hint);
        if field == Field::Range {
            edit = edit.font(egui::TextStyle::Monospace);
        }
        if had && wrong(&before).is_some() {
            edit = edit.text_color(ui.visuals().error_fg_color);
        }
        let response = ui.add(edit).accessible_name(format!("{what} of {}", mark.name()));
        let left = response.lost_focus();
        if !response.has_focus() && !had {
            return None;
        }
        let (escaped, entered) = ui.input(|input| (input.key_pressed(egui::Key::Escape), input.key_pressed(egui::Key::Enter)));
        let wrong = wrong(&text);
        if let Some(error) = wrong.as_deref().filter(|_| !(left && escaped)) {
            if left && entered {
                response.request_focus();
            }
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_invalid(egui::accesskit::Invalid::True);
                node.set_description(error);
            });
            self.drafts.push(Draft { document, mark: id, field, text });
            return wrong;
        }
        if response.has_focus() {
            self.drafts.push(Draft { document, mark: id, field, text });
        } else if left && had && !escaped && text != value {
            ask(match field {
                Field::Name => BookmarkCommand::Rename(id, text),
                Field::Range => BookmarkCommand::Place(id, text),
                Field::Comment => BookmarkCommand::Comment(id, text),
            });
        }
        None
    }
}

/// How much it covers, in words.
fn size(mark: &Bookmark, open: &OpenDocument) -> String {
    let unit = open.document.kind().unit();
    format!("Selects {} from {}", count(mark.len(), unit), group(mark.start()))
}
