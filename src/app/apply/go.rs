//! Going places: positions, expressions, rows and lines, and back to where the cursor was.

use crate::app::forms::RangeDialog;
use crate::app::jumps::{NEAR, STEP};
use crate::app::numbers::{count, group, place};
use crate::app::{Action, AppState, Command, Dialog, DialogCommand, Effect, Job, Places, parse_place};
use crate::buffer::Offset;
use crate::document::{DocumentId, Operation, StreamKind};

/// Where the document in front stands before a command, to see afterwards whether that was a jump.
pub(in crate::app) struct Stood {
    document: DocumentId,
    revision: u64,
    at: u64,
    /// Arrows and pages: only a long way is a jump.
    steps: bool,
}

impl AppState {
    /// Bytes on a row of the hex view, where that is fixed.
    pub(in crate::app) fn row_length(&self) -> Option<u64> {
        let side = self.hex_front();
        let columns = self.active().map_or(self.settings.columns, |open| open.view.columns(side));
        columns.map(|columns| self.settings.hex.cells(side).columns(columns.into()))
    }

    /// What a name in an expression is, for the document in front.
    fn with_places<T>(&self, read: impl FnOnce(&Places<'_>) -> T) -> Option<T> {
        let open = self.active()?;
        let document = &open.document;
        let places = Places {
            cursor: document.position(),
            size: document.size(),
            selection: document.selection().map(|selection| (selection.start(), selection.end())),
            row: self.row_length().filter(|_| document.kind() == StreamKind::Bytes),
            named: &|name| document.bookmarks().offset(name),
            unit: document.kind().unit(),
            names: Places::NAMES,
        };
        Some(read(&places))
    }

    pub(in crate::app) fn open_go_to(&mut self, extend: bool) {
        self.dialog = Some(Dialog::GoTo { text: String::new(), error: None, preview: String::new(), extend });
    }

    /// What the text of the dialog leads to, or what is wrong with it.
    pub(in crate::app) fn check_go_to(&self, text: &str, extend: bool) -> Result<String, String> {
        if let Some(line) = line_number(text) {
            return line.map(|line| format!("Line {} is looked for when you press Go", group(line)));
        }
        let open = self.active().ok_or("There is no document")?;
        let to = self.parse_go_to(text)?;
        let (size, unit) = (open.document.size(), open.document.kind().unit());
        if extend {
            if to > size {
                return Err(format!("The document ends at {}: nothing behind it can be selected", place(size)));
            }
            let anchor = open.document.selection().map_or(open.document.position(), |selection| selection.anchor);
            return Ok(format!("{}, {} selected", place(to), count(anchor.abs_diff(to), unit)));
        }
        Ok(match to.checked_sub(size) {
            None => format!("{}, {} before the end", place(to), count(size - to, unit)),
            Some(0) => format!("{}, the end", place(to)),
            Some(past) => {
                format!("{}, {} past the end: a write fills the gap with zeros", place(to), count(past, unit))
            }
        })
    }

    /// What the text of a position dialog means for the document in front.
    pub(in crate::app) fn parse_go_to(&self, text: &str) -> Result<u64, String> {
        let read = |places: &Places<'_>| parse_place(text, &Places { names: Places::NAMES_AND_LINES, ..*places });
        self.with_places(read).ok_or("There is no document")?
    }

    pub(in crate::app) fn accept_go_to(&mut self, text: String, extend: bool, effects: &mut Vec<Effect>) {
        if let Err(error) = self.check_go_to(&text, extend) {
            self.dialog = Some(Dialog::GoTo { text, error: Some(error), preview: String::new(), extend });
            return;
        }
        if !extend {
            self.last_go_to = Some(text.clone());
        }
        self.go_to(&text, extend, effects);
    }

    fn go_to(&mut self, text: &str, extend: bool, effects: &mut Vec<Effect>) {
        if let (Some(Ok(line)), Some(open)) = (line_number(text), self.active()) {
            let characters = open.document.kind() == StreamKind::Text;
            let job = Job::FindLine { document: open.document.id(), input: open.document.snapshot(), characters, line, extend };
            self.start(job, effects);
            return;
        }
        match self.parse_go_to(text) {
            Ok(to) => self.stand_at(to, extend),
            Err(error) => self.error(format!("Not gone to {}: {error}", text.trim())),
        }
    }

    fn stand_at(&mut self, to: u64, extend: bool) {
        if extend {
            self.move_cursor(to, true);
        } else {
            self.perform(Operation::seek(to));
        }
        self.show_in_comparison();
    }

    pub(in crate::app) fn repeat_go_to(&mut self, effects: &mut Vec<Effect>) {
        if let Some(text) = self.last_go_to.clone() {
            self.go_to(&text, false, effects);
        }
    }

    pub(in crate::app) fn found_line(&mut self, result: Result<Result<u64, u64>, String>, job: &Job) {
        let Job::FindLine { document, line, extend, .. } = job else { return };
        match result {
            Ok(Ok(at)) if self.active == Some(*document) => {
                let stood = self.stands(&Command::Do(Action::GoTo));
                self.stand_at(at, *extend);
                self.note_jump(stood);
            }
            Ok(Ok(_)) => {}
            Ok(Err(lines)) => self.warn(format!("There is no line {}: the document has {}", group(*line), count(lines, "line"))),
            Err(error) => self.error(format!("Line {} was not found: {error}", group(*line))),
        }
    }

    /// The value at the cursor is an offset: go there.
    pub(in crate::app) fn follow(&mut self, width: usize, big: bool) {
        let Some(open) = self.active() else { return };
        let Some(bytes) = open.document.as_bytes() else { return };
        let mut value = [0; 8];
        let at = open.document.position();
        match bytes.read_at(Offset(at), &mut value[..width]) {
            Ok(read) if read == width => {}
            Ok(_) => return,
            Err(error) => {
                let text = error.to_string();
                self.error(format!("The value cannot be read: {text}"));
                return;
            }
        }
        if big {
            value[..width].reverse();
        }
        let to = u64::from_le_bytes(value);
        let size = open.document.size();
        if to > size {
            self.warn(format!("The value {} is past the end, which is at {}", place(to), place(size)));
        } else {
            self.perform(Operation::seek(to));
        }
    }

    pub(in crate::app) fn jump(&mut self, forward: bool) {
        let Some(open) = self.active_mut() else { return };
        let from = open.document.position();
        let to = if forward { open.view.jumps.forward(from) } else { open.view.jumps.back(from) };
        if let Some(to) = to {
            self.move_cursor(to, false);
        }
    }

    /// Where the cursor stands before a command that may make it jump.
    pub(in crate::app) fn stands(&self, command: &Command) -> Option<Stood> {
        let steps = match command {
            Command::Do(action) => {
                let own = matches!(action, Action::JumpBack | Action::JumpForward | Action::ReadLine | Action::ReadRest);
                if own || is_walk(*action) {
                    return None;
                }
                false
            }
            Command::MoveCursor { .. } => true,
            Command::Perform(Operation::Seek { .. }) | Command::Select { .. } => false,
            Command::Dialog(DialogCommand::Accept) => false,
            Command::Perform(_)
            | Command::Dialog(_)
            | Command::Walk(_)
            | Command::Console(_)
            | Command::Lesson(_)
            | Command::TypeNibble { .. }
            | Command::TypeText { .. }
            | Command::Backspace { .. }
            | Command::Paste(_) => return None,
            _ => false,
        };
        let document = &self.active()?.document;
        Some(Stood { document: document.id(), revision: document.revision(), at: document.position(), steps })
    }

    /// Remembers where the cursor was, where it has gone far with the content left as it is.
    pub(in crate::app) fn note_jump(&mut self, stood: Option<Stood>) {
        let Some(Stood { document, revision, at, steps }) = stood else { return };
        let Some(open) = self.document_mut(document) else { return };
        let now = open.document.position();
        let edge = now == 0 || now == open.document.size();
        let far = if steps && !edge { STEP } else { NEAR };
        if open.document.revision() == revision && now.abs_diff(at) > far {
            open.view.jumps.left(at);
        }
    }

    pub(in crate::app) fn open_select_range(&mut self) {
        let selection = self.active().and_then(|open| open.document.selection());
        let mut range = RangeDialog::default();
        if let Some(selection) = selection {
            range.from = format!("0x{:X}", selection.start());
            range.to = format!("0x{:X}", selection.end());
        }
        self.change_range(range);
    }

    pub(in crate::app) fn change_range(&mut self, mut range: RangeDialog) {
        let unit = self.active().map_or("byte", |open| open.document.kind().unit());
        self.with_places(|places| range.update(places, unit));
        self.dialog = Some(Dialog::SelectRange(range));
    }

    pub(in crate::app) fn accept_range(&mut self, range: RangeDialog) {
        match self.with_places(|places| range.read(places)) {
            Some(Ok((from, to))) => {
                self.select(from, to);
                if let Some(open) = self.active_mut() {
                    open.view.reveal += 1;
                }
            }
            Some(Err(error)) => self.dialog = Some(Dialog::SelectRange(RangeDialog { error: Some(error), ..range })),
            None => {}
        }
    }

    /// For the dialogs about bytes, which take expressions too.
    pub(in crate::app) fn places<T>(&self, read: impl FnOnce(&Places<'_>) -> T) -> Option<T> {
        self.with_places(read)
    }
}

fn is_walk(action: Action) -> bool {
    matches!(
        action,
        Action::WalkFirst | Action::WalkBack | Action::WalkOn | Action::WalkLatest | Action::WalkPlay | Action::WalkStay
    )
}

/// `line 12`, or what is wrong with it; `None` for everything else.
fn line_number(text: &str) -> Option<Result<u64, String>> {
    let text = text.trim().to_ascii_lowercase();
    let number = text.strip_prefix("line").filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))?;
    let number = number.trim().replace(['_', ','], "");
    Some(match number.parse::<u64>() {
        Ok(0) => Err("Lines are counted from 1".into()),
        Ok(line) => Ok(line),
        Err(_) => Err("After line comes its number, for example line 12".into()),
    })
}
