//! Actions: what the menus, the keys and the palette ask for.

use crate::app::apply::edit::unknown;
use crate::app::state::Asking;
use crate::app::{
    Action, AfterUnsaved, AppState, BookmarkCommand, Dialog, Effect, Job, OpKind, PaneKind, PasteInto, ThemeChoice, Zoom,
};
use crate::document::{Document, Language, Operation, Origin};
use crate::stream::{Newline, Whence};

impl AppState {
    pub(in crate::app) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        if matches!(self.dialog, Some(Dialog::Palette { .. })) {
            self.dialog = None;
        }
        if self.dialog.is_some() || self.asking.is_some() {
            return;
        }
        if !action.enabled(self) {
            if self.comparison_in_front().is_some() {
                self.info(format!("{}: not in a comparison. Enter shows the document itself", action.label()));
            }
            return;
        }
        match action {
            Action::NewBytes => {
                let name = self.untitled_name();
                self.add(Document::bytes(name, Origin::New, &b""[..]), None, unknown());
            }
            Action::NewText => {
                let name = self.untitled_name();
                self.add(Document::text(name, Origin::New, "", Newline::Lf), None, unknown());
            }
            Action::Open => {
                self.keep_copies(effects);
                self.asking = Some(Asking::Open);
                effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
            }
            Action::Reload => self.reload(effects),
            Action::Save => {
                if let Some(id) = self.active {
                    self.save(id, effects);
                }
            }
            Action::SaveAs => {
                if let Some(id) = self.active {
                    self.ask_save(id, effects);
                }
            }
            Action::ToggleBackup => {
                self.settings.backup = !self.settings.backup;
                self.keep_settings(effects);
            }
            Action::ZoomIn => self.zoom_window(self.settings.zoom + 0.1, effects),
            Action::ZoomOut => self.zoom_window(self.settings.zoom - 0.1, effects),
            Action::ZoomReset => self.zoom_window(1.0, effects),
            Action::SaveSelection => self.ask_save_selection(effects),
            Action::Export => self.open_export(None, effects),
            Action::OpenAddress => {
                self.dialog = Some(Dialog::Source(Box::new(crate::app::SourceDialog::Address(Default::default()))));
            }
            Action::CaptureCommand => {
                self.dialog = Some(Dialog::Source(Box::new(crate::app::SourceDialog::Run(Default::default()))));
            }
            Action::PackZip => self.ask_pack(crate::formats::archive::Kind::Zip, effects),
            Action::PackTar => self.ask_pack(crate::formats::archive::Kind::Tar, effects),
            Action::CloseDocument if self.comparison_in_front().is_some() => self.close_comparison_in_front(),
            Action::CloseDocument => {
                if let Some(id) = self.active {
                    self.close(id);
                }
            }
            Action::Reopen => self.reopen(),
            Action::Quit => self.quit(effects),
            Action::Undo | Action::Redo if self.active.is_some_and(|id| self.is_locked(id)) => {
                self.tell_locked();
            }
            Action::Undo | Action::Redo => {
                if let Some(open) = self.active_mut() {
                    if action == Action::Undo {
                        open.document.undo()
                    } else {
                        open.document.redo()
                    };
                    open.view.reveal += 1;
                }
            }
            Action::Cut => {
                self.copy(effects);
                self.delete_selection();
            }
            Action::Copy => self.copy(effects),
            Action::CopyAs => self.open_copy_as(self.copy_style),
            Action::CopyOffset => {
                if let Some(open) = self.active() {
                    effects.push(Effect::CopyText(open.document.position().to_string()));
                }
            }
            Action::CopyAddress => {
                if let Some(open) = self.active() {
                    let (hex, view) = (&self.settings.hex, &open.view);
                    let address = u128::from(open.document.position()) + u128::from(view.base);
                    effects.push(Effect::CopyText(hex.radix.say(address, hex.upper)));
                }
            }
            Action::Paste => effects.push(Effect::RequestPaste { into: PasteInto::Cursor }),
            Action::PasteAs => effects.push(Effect::RequestPaste { into: PasteInto::Dialog }),
            Action::PasteAsNew => effects.push(Effect::RequestPaste { into: PasteInto::Document }),
            Action::Delete => self.delete_selection(),
            Action::SelectAll => {
                let size = self.active().map_or(0, |open| open.document.size());
                self.select(0, size);
            }
            Action::SelectRange => self.open_select_range(),
            Action::ExtendSelection => self.open_go_to(true),
            Action::SwapSelectionEnds => {
                if let Some(selection) = self.active().and_then(|open| open.document.selection()) {
                    self.select(selection.head, selection.anchor);
                    if let Some(open) = self.active_mut() {
                        open.view.reveal += 1;
                    }
                }
            }
            Action::ToggleInsert => {
                if let Some(open) = self.active_mut() {
                    open.view.insert = !open.view.insert;
                }
            }
            Action::Protect => self.toggle_protection(),
            Action::Find => self.open_find(false),
            Action::Replace => self.open_find(true),
            Action::FindNext => self.find_step(true, effects),
            Action::FindPrevious => self.find_step(false, effects),
            Action::FindSelection => self.find_selection(),
            Action::FindAll => self.find_everywhere(effects),
            Action::InsertBytes => self.open_bytes_dialog(OpKind::Fill, true),
            Action::InsertFile => self.ask_insert_file(effects),
            Action::Resize => self.open_resize(),
            Action::ChangeBytes => self.open_bytes_dialog(OpKind::Xor, false),
            Action::FillBytes
            | Action::XorBytes
            | Action::AndBytes
            | Action::OrBytes
            | Action::AddBytes
            | Action::SubtractBytes
            | Action::InvertBytes
            | Action::ShiftLeft
            | Action::ShiftRight
            | Action::RotateLeft
            | Action::RotateRight
            | Action::ReverseBytes
            | Action::ReverseBits
            | Action::Swap16
            | Action::Swap32
            | Action::Swap64
            | Action::UpperCase
            | Action::LowerCase => {
                if let Some(kind) = action.operation() {
                    self.operate(kind, effects);
                }
            }
            Action::GoTo => self.open_go_to(false),
            Action::RepeatGoTo => self.repeat_go_to(effects),
            Action::JumpBack => self.jump(false),
            Action::JumpForward => self.jump(true),
            Action::FollowU32Le => self.follow(4, false),
            Action::FollowU32Be => self.follow(4, true),
            Action::FollowU64Le => self.follow(8, false),
            Action::FollowU64Be => self.follow(8, true),
            Action::GoToRow => self.dialog = Some(Dialog::GoToRow { text: String::new(), error: None }),
            Action::NextDocument => self.step(1),
            Action::PreviousDocument => self.step(-1),
            Action::ToggleText => self.toggle_pane(PaneKind::Text, effects),
            Action::TogglePreview => self.toggle_pane(PaneKind::Preview, effects),
            Action::ToggleInspector => self.toggle_pane(PaneKind::Inspector, effects),
            Action::ToggleStream => self.toggle_pane(PaneKind::Stream, effects),
            Action::Lessons => self.toggle_lessons(effects),
            Action::ToggleOverview => self.toggle_pane(PaneKind::Overview, effects),
            Action::TogglePicture => self.toggle_pane(PaneKind::Picture, effects),
            Action::ToggleStrings => self.toggle_pane(PaneKind::Strings, effects),
            Action::ToggleColumn => self.toggle_pane(PaneKind::Column, effects),
            Action::Table(action) => self.table_action(action, effects),
            Action::ToggleMinimap | Action::MinimapClass | Action::MinimapEntropy | Action::MinimapChange => {
                self.minimap_action(action, effects);
            }
            Action::ToggleLinks => self.toggle_pane(PaneKind::Links, effects),
            Action::ToggleSearch => self.toggle_pane(PaneKind::Search, effects),
            Action::ToggleStructure => self.toggle_pane(PaneKind::Structure, effects),
            Action::ToggleHashes => self.toggle_pane(PaneKind::Hashes, effects),
            Action::ToggleConsole => self.toggle_console(effects),
            Action::RunDocument => self.run_document(effects),
            Action::RunScript => {
                self.keep_copies(effects);
                self.asking = Some(Asking::Script);
                effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
            }
            Action::OpenLesson => {
                self.keep_copies(effects);
                self.asking = Some(Asking::Lesson);
                effects.push(Effect::AskOpen { folder: self.settings.folder.clone() });
            }
            Action::ToggleBookmarks => self.toggle_pane(PaneKind::Bookmarks, effects),
            Action::AddBookmark => self.add_bookmark(effects),
            Action::NextBookmark => self.step_bookmark(true),
            Action::PreviousBookmark => self.step_bookmark(false),
            Action::RemoveBookmarks => self.bookmark(BookmarkCommand::RemoveAll),
            Action::ImportBookmarks => self.ask_import_bookmarks(effects),
            Action::ExportBookmarks => self.ask_export_bookmarks(effects),
            Action::StopConsole => self.stop_console(effects),
            Action::ClearConsole => self.console.transcript.clear(),
            Action::ResetConsole => self.reset_console(effects),
            Action::CopyTranscript => effects.push(Effect::CopyText(self.console.transcript.text())),
            Action::ToggleTimeline => self.toggle_pane(PaneKind::Timeline, effects),
            Action::ResetLayout => {
                self.settings.panes = super::super::Settings::default().panes;
                effects.push(Effect::ResetLayout);
                self.keep_settings(effects);
            }
            Action::ToggleSecondHex => self.toggle_pane(PaneKind::SecondHex, effects),
            Action::Hex(choice) => self.choose(self.hex_front(), choice, effects),
            Action::ColumnsTyped => self.ask_columns(),
            Action::BaseAddress => self.ask_base(),
            Action::ChooseCharset => self.dialog = Some(Dialog::Charset { query: String::new() }),
            Action::CopyRows => self.copy_rows(effects),
            Action::PictureFit => self.zoom(|_| Zoom::Fit),
            Action::PictureActualSize => self.zoom(|_| Zoom::Scale(1.0)),
            Action::PictureZoomIn => self.zoom(|zoom| step_zoom(zoom, 2.0)),
            Action::PictureZoomOut => self.zoom(|zoom| step_zoom(zoom, 0.5)),
            Action::Picture(choice) => self.choose_picture(choice),
            Action::SelectPicture
            | Action::CopyPicture
            | Action::CropPicture
            | Action::FramePlay
            | Action::FrameNext
            | Action::FramePrevious
            | Action::FrameFirst
            | Action::FrameLast
            | Action::ExportFrame
            | Action::ExportFrames => self.picture_action(action, effects),
            Action::ThemeSystem => self.set_theme(ThemeChoice::System, effects),
            Action::ThemeDark => self.set_theme(ThemeChoice::Dark, effects),
            Action::ThemeLight => self.set_theme(ThemeChoice::Light, effects),
            Action::FullScreen => effects.push(Effect::ToggleFullScreen),
            Action::SavePictureOfView => effects.push(Effect::CaptureView),
            Action::SeekStart => self.perform(Operation::seek(0)),
            Action::SeekEnd => self.perform(Operation::Seek { offset: 0, whence: Whence::End }),
            Action::Tell => self.perform(Operation::Tell),
            Action::ReadLine => self.perform(Operation::ReadLine(None)),
            Action::ReadRest => self.perform(Operation::Read(None)),
            Action::GetValue => self.perform(Operation::GetValue),
            Action::TruncateHere => self.perform(Operation::Truncate(None)),
            Action::CloseStream => self.perform(Operation::Close),
            Action::WalkFirst | Action::WalkBack | Action::WalkOn | Action::WalkLatest | Action::WalkPlay | Action::WalkStay => {
                self.walk_action(action);
            }
            Action::TimelineToPython => self.ask_script(Language::Python, effects),
            Action::TimelineToRust => self.ask_script(Language::Rust, effects),
            Action::CopyTimelineAsPython => {
                if let Some(id) = self.active {
                    self.start_script(id, Language::Python, None, effects);
                }
            }
            Action::DecodeToText => self.decode_to_text(effects),
            Action::EncodeToBytes => self.encode_to_bytes(),
            Action::CompareWith
            | Action::CompareAgain
            | Action::AlignComparison
            | Action::NextDifference
            | Action::PreviousDifference
            | Action::CopyToRight
            | Action::CopyToLeft
            | Action::ExportDifferences
            | Action::FoldEqual
            | Action::ScrollTogether
            | Action::SwapSides
            | Action::NextOtherByte
            | Action::PreviousOtherByte => self.compare_action(action, effects),
            Action::Palette => self.dialog = Some(Dialog::Palette { query: String::new() }),
            Action::Notices => self.dialog = Some(Dialog::Notices),
            Action::Shortcuts => self.dialog = Some(Dialog::Shortcuts(Box::default())),
            Action::About => self.dialog = Some(Dialog::About),
        }
    }

    fn step(&mut self, by: isize) {
        let count = self.documents.len() as isize;
        let Some(at) = self.documents.iter().position(|open| Some(open.document.id()) == self.active) else { return };
        let next = (at as isize + by).rem_euclid(count) as usize;
        self.active = Some(self.documents[next].document.id());
    }

    /// With no document open, the console stands under the start page.
    fn toggle_console(&mut self, effects: &mut Vec<Effect>) {
        let shown = match self.active {
            Some(_) => self.settings.panes.contains(&PaneKind::Console),
            None => self.console_wanted,
        };
        match (shown, self.active) {
            (false, _) => self.show_console(effects),
            (true, Some(_)) => self.toggle_pane(PaneKind::Console, effects),
            (true, None) => self.console_wanted = false,
        }
    }

    fn toggle_pane(&mut self, pane: PaneKind, effects: &mut Vec<Effect>) {
        let panes = &mut self.settings.panes;
        match panes.iter().position(|&shown| shown == pane) {
            Some(at) => {
                panes.remove(at);
            }
            None => panes.push(pane),
        }
        self.keep_settings(effects);
    }

    fn set_theme(&mut self, theme: ThemeChoice, effects: &mut Vec<Effect>) {
        self.settings.theme = theme;
        self.keep_settings(effects);
    }

    /// The zoom of the whole window, in tenths.
    fn zoom_window(&mut self, zoom: f32, effects: &mut Vec<Effect>) {
        let [least, most] = crate::app::Settings::ZOOM;
        self.settings.zoom = ((zoom * 10.0).round() / 10.0).clamp(least, most);
        effects.push(Effect::Zoom(self.settings.zoom));
        self.keep_settings(effects);
    }

    fn zoom(&mut self, change: impl FnOnce(Zoom) -> Zoom) {
        if let Some(open) = self.active_mut() {
            open.view.zoom = change(open.view.zoom);
            if open.view.zoom == Zoom::Fit {
                open.view.picture_center = None;
            }
        }
    }

    pub(in crate::app) fn keep_settings(&self, effects: &mut Vec<Effect>) {
        effects.push(Effect::KeepSettings(self.settings.clone()));
    }

    fn reload(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let id = open.document.id();
        if open.is_unsaved() {
            self.dialog = Some(Dialog::Unsaved { documents: vec![id], then: AfterUnsaved::Reload(id) });
        } else {
            self.read_again(id, effects);
        }
    }

    fn decode_to_text(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let job = Job::Decode {
            name: format!("{} (text)", open.document.name()),
            origin: open.document.name().to_owned(),
            input: open.document.snapshot(),
            encoding: open.view.encoding,
        };
        self.start(job, effects);
    }

    fn encode_to_bytes(&mut self) {
        let Some(open) = self.active() else { return };
        let origin = Origin::Derived(open.document.name().to_owned());
        let document = Document::bytes(format!("{} (bytes)", open.document.name()), origin, open.document.snapshot());
        self.add(document, None, unknown());
    }
}

/// From the fitted size a step goes to a round scale, since the state does not know the pane's size.
fn step_zoom(zoom: Zoom, factor: f32) -> Zoom {
    let scale = match zoom {
        Zoom::Fit => 1.0,
        Zoom::Scale(scale) => scale,
    };
    Zoom::Scale((scale * factor).clamp(1.0 / 64.0, 64.0))
}
