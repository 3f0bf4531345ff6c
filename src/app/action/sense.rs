//! When an action makes sense, and whether a menu shows a tick at it.

use super::Action;
use crate::app::{AppState, DiskState, Film, MinimapMode, PaneKind, ThemeChoice};
use crate::document::StreamKind;
use crate::explore::compare::Method;
use crate::formats::Kind;

impl Action {
    /// Whether a menu shows a tick: `None` for what is not a switch.
    pub fn checked(self, state: &AppState) -> Option<bool> {
        let pane = |pane| Some(state.settings.panes.contains(&pane));
        let theme = |theme| Some(state.settings.theme == theme);
        let comparison = state.comparison_in_front();
        match self {
            Self::ToggleInsert => Some(state.active().is_some_and(|open| open.view.insert)),
            Self::ToggleBackup => Some(state.settings.backup),
            Self::Protect => Some(state.active().is_some_and(|open| open.document.is_protected())),
            Self::WalkPlay => Some(state.active().is_some_and(|open| open.view.playing.is_some())),
            Self::ToggleText => pane(PaneKind::Text),
            Self::TogglePreview => pane(PaneKind::Preview),
            Self::ToggleInspector => pane(PaneKind::Inspector),
            Self::ToggleStream => pane(PaneKind::Stream),
            Self::ToggleTimeline => pane(PaneKind::Timeline),
            Self::Lessons => pane(PaneKind::Lesson),
            Self::ToggleBookmarks => pane(PaneKind::Bookmarks),
            Self::ToggleLinks => pane(PaneKind::Links),
            Self::ToggleSearch => pane(PaneKind::Search),
            Self::ToggleStructure => pane(PaneKind::Structure),
            Self::ToggleHashes => pane(PaneKind::Hashes),
            Self::ToggleOverview => pane(PaneKind::Overview),
            Self::ToggleStrings => pane(PaneKind::Strings),
            Self::ToggleColumn => pane(PaneKind::Column),
            Self::Table(action) => action.checked(state.active()),
            Self::TogglePicture => pane(PaneKind::Picture),
            Self::ToggleMinimap => Some(state.settings.minimap.is_some()),
            Self::MinimapClass => Some(state.settings.minimap == Some(MinimapMode::Class)),
            Self::MinimapEntropy => Some(state.settings.minimap == Some(MinimapMode::Entropy)),
            Self::MinimapChange => Some(state.settings.minimap == Some(MinimapMode::Change)),
            Self::ToggleConsole if state.active().is_none() => Some(state.console_wanted),
            Self::ToggleConsole => pane(PaneKind::Console),
            Self::Hex(choice) => state.is_chosen(choice),
            Self::Picture(choice) => Some(state.is_picture_chosen(choice)),
            Self::FramePlay => Some(state.active().and_then(|open| open.film()).is_some_and(Film::is_playing)),
            Self::ToggleSecondHex => pane(PaneKind::SecondHex),
            Self::AlignComparison => comparison.map(|open| open.method == Method::Aligned).or(Some(false)),
            Self::FoldEqual => comparison.map(|open| !open.view.unfolded).or(Some(false)),
            Self::ScrollTogether => comparison.map(|open| !open.view.apart).or(Some(false)),
            Self::ThemeSystem => theme(ThemeChoice::System),
            Self::ThemeDark => theme(ThemeChoice::Dark),
            Self::ThemeLight => theme(ThemeChoice::Light),
            _ => None,
        }
    }

    /// Whether it makes sense now; menus and the palette grey it out otherwise, and its keys do nothing.
    pub fn enabled(self, state: &AppState) -> bool {
        if self == Self::Reopen {
            return state.can_reopen();
        }
        if self == Self::OpenAddress && !crate::net::is_built() {
            return false;
        }
        if let Some(enabled) = state.comparison_allows(self) {
            return enabled;
        }
        match self {
            Self::StopConsole => return state.console.is_running(),
            Self::ResetConsole | Self::RunScript | Self::OpenLesson => return !state.console.is_running(),
            Self::ClearConsole | Self::CopyTranscript => return !state.console.transcript().lines().is_empty(),
            _ => {}
        }
        let Some(open) = state.active() else {
            return matches!(
                self,
                Self::NewBytes
                    | Self::NewText
                    | Self::Open
                    | Self::OpenAddress
                    | Self::CaptureCommand
                    | Self::NewReport
                    | Self::ConvertFiles
                    | Self::Quit
                    | Self::Paste
                    | Self::PasteAsNew
                    | Self::TogglePreview
                    | Self::ToggleInspector
                    | Self::ToggleStream
                    | Self::ToggleTimeline
                    | Self::ToggleText
                    | Self::ToggleConsole
                    | Self::ToggleLinks
                    | Self::ToggleSearch
                    | Self::ToggleStructure
                    | Self::ToggleHashes
                    | Self::ToggleOverview
                    | Self::ToggleStrings
                    | Self::ToggleColumn
                    | Self::TogglePicture
                    | Self::ToggleMinimap
                    | Self::MinimapClass
                    | Self::MinimapEntropy
                    | Self::MinimapChange
                    | Self::Lessons
                    | Self::OpenLesson
                    | Self::ToggleBookmarks
                    | Self::ResetLayout
                    | Self::Hex(_)
                    | Self::ToggleSecondHex
                    | Self::ThemeSystem
                    | Self::ThemeDark
                    | Self::ThemeLight
                    | Self::FullScreen
                    | Self::ToggleBackup
                    | Self::ZoomIn
                    | Self::ZoomOut
                    | Self::ZoomReset
                    | Self::SavePictureOfView
                    | Self::Palette
                    | Self::Notices
                    | Self::Shortcuts
                    | Self::About
            );
        };
        let document = &open.document;
        let is_open = !document.is_closed();
        let selected = document.selection().is_some();
        let kind = open.detection.format.info().kind;
        let bytes = document.kind() == StreamKind::Bytes;
        let left = document.size().saturating_sub(document.position());
        match self {
            Self::Undo => document.history().undo_len() > 0,
            Self::Redo => document.history().redo_len() > 0,
            Self::Find | Self::FindNext | Self::FindPrevious | Self::FindAll | Self::Replace => is_open,
            Self::FindSelection => selected && is_open,
            Self::Cut | Self::Copy | Self::CopyAs | Self::SaveSelection | Self::SwapSelectionEnds => selected && is_open,
            Self::PasteAs | Self::InsertBytes | Self::InsertFile | Self::Resize => is_open && bytes,
            Self::FollowU32Le | Self::FollowU32Be => is_open && bytes && left >= 4,
            Self::FollowU64Le | Self::FollowU64Be => is_open && bytes && left >= 8,
            Self::JumpBack => is_open && open.view.jumps.can_go_back(),
            Self::JumpForward => is_open && open.view.jumps.can_go_forward(),
            Self::RepeatGoTo => is_open && state.last_go_to.is_some(),
            _ if self == Self::ChangeBytes || self.operation().is_some() => is_open && bytes && document.size() > 0,
            Self::NextBookmark | Self::PreviousBookmark | Self::ExportBookmarks | Self::RemoveBookmarks => {
                !document.bookmarks().is_empty()
            }
            Self::AddBookmark | Self::ImportBookmarks => is_open,
            Self::Delete => is_open && (selected || document.position() < document.size()),
            Self::Reload => open.file.is_some(),
            Self::Save => is_open && (open.is_unsaved() || open.file.is_none() || open.disk != DiskState::Same),
            Self::NextOtherByte | Self::PreviousOtherByte => is_open && document.size() > 0,
            Self::SaveAs | Self::Export | Self::SelectAll | Self::SelectRange | Self::ExtendSelection | Self::ToggleInsert => {
                is_open
            }
            Self::GoTo | Self::SeekStart | Self::SeekEnd | Self::Tell | Self::CopyOffset | Self::CopyAddress | Self::CopyRows => {
                is_open
            }
            Self::ReadLine | Self::ReadRest | Self::GetValue | Self::TruncateHere | Self::CloseStream => is_open,
            Self::ChooseCharset => is_open && bytes,
            Self::DecodeToText => is_open && document.kind() == StreamKind::Bytes,
            Self::EncodeToBytes => is_open && document.kind() == StreamKind::Text,
            Self::RunDocument => is_open && is_script(document.name()) && !state.console.is_running(),
            Self::WalkFirst | Self::WalkBack => document.timeline().current().is_some(),
            Self::WalkOn => {
                let (step, steps) = document.timeline().step();
                step < steps
            }
            Self::WalkLatest | Self::WalkStay => document.is_walking(),
            Self::WalkPlay | Self::TimelineToPython | Self::TimelineToRust | Self::CopyTimelineAsPython => {
                !document.timeline().is_empty()
            }
            Self::GoToRow => matches!(kind, Kind::Table | Kind::Json),
            Self::Table(action) => state.settings.panes.contains(&PaneKind::Preview) && action.enabled(state, open),
            Self::PictureFit | Self::PictureActualSize | Self::PictureZoomIn | Self::PictureZoomOut => kind == Kind::Picture,
            Self::Picture(choice) => choice.makes_sense(open),
            Self::CopyPicture | Self::SelectPicture => open.shown_picture().is_some(),
            Self::CropPicture => open.view.picture.area.is_some() && open.shown_picture().is_some(),
            Self::FrameNext
            | Self::FramePrevious
            | Self::FrameFirst
            | Self::FrameLast
            | Self::ExportFrame
            | Self::ExportFrames => open.film().is_some(),
            Self::FramePlay => open.film().is_some_and(|film| !film.is_pages()),
            Self::NextDocument | Self::PreviousDocument => state.documents().len() > 1,
            _ => true,
        }
    }
}

/// Whether a document's name is that of a Python script.
fn is_script(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("py"))
}
