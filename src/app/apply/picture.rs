//! Pictures: what is found out about the one in front, how it is looked at, and its frames.

use std::sync::Arc;

use crate::app::picture::CLIPBOARD_PIXELS;
use crate::app::state::{PreviewState, SavePurpose};
use crate::app::{
    Action, AppState, Board, Channel, Dialog, Effect, Film, FilmEvent, FilmKey, FilmRequest, Job, JobId, NumbersKey,
    OpenDocument, PaneKind, PictureChoice, PictureCommand, PictureDetails, PictureNumbers, Preview, SharedPicture,
};
use crate::formats::picture::ops::Crop;
use crate::formats::picture::{Limits, Picture};
use crate::formats::{Format, FormatError};

impl OpenDocument {
    /// The picture that its preview found, of whatever revision.
    pub fn previewed_picture(&self) -> Option<&Arc<Picture>> {
        match &self.preview {
            PreviewState::Ready { preview, .. } => match preview.as_ref() {
                Preview::Picture(picture) => Some(picture),
                Preview::Table { .. } | Preview::Archive(_) => None,
            },
            _ => None,
        }
    }

    /// The picture that is seen: a frame where one was asked for, else what its preview found.
    pub fn shown_picture(&self) -> Option<&Arc<Picture>> {
        let frame = self.picture.film.as_ref().and_then(|film| film.shown()).map(|(_, frame)| frame);
        frame.or_else(|| self.previewed_picture())
    }

    /// What is known of its picture, of the content that is shown.
    pub fn picture_details(&self) -> Option<&Arc<PictureDetails>> {
        let PreviewState::Ready { revision: shown, .. } = &self.preview else { return None };
        self.picture.details.done().filter(|(revision, _)| revision == shown).map(|(_, details)| details)
    }

    /// The pixel that the byte at the cursor belongs to, where the format has its rows as they are.
    pub fn pixel_at_cursor(&self) -> Option<(u32, u32)> {
        let layout = self.picture_details()?.layout.as_ref()?;
        self.document.as_bytes()?;
        layout.pixel_at(self.document.position())
    }

    /// The bytes of a pixel: the first one, and behind the last one.
    pub fn bytes_of_pixel(&self, x: u32, y: u32) -> Option<(u64, u64)> {
        let layout = self.picture_details()?.layout.as_ref()?;
        self.document.as_bytes()?;
        if self.film().is_some_and(|film| film.at() > 0) {
            return None;
        }
        let (range, _) = layout.place_of(x, y)?;
        Some((range.start.get(), range.end().get()))
    }

    /// The frames of its picture, where it has several.
    pub fn film(&self) -> Option<&Film> {
        self.previewed_picture().and(self.picture.film.as_ref())
    }
}

impl AppState {
    /// Begins what the picture in front needs and what is not done yet.
    pub(super) fn refresh_picture(&mut self, effects: &mut Vec<Effect>) {
        let active = self.active;
        for open in &mut self.documents {
            if Some(open.document.id()) != active
                && let Some(film) = &mut open.picture.film
            {
                film.rest();
            }
        }
        if self.settings.panes.contains(&PaneKind::Preview) {
            self.refresh_picture_details(effects);
        }
        self.refresh_film(effects);
        self.refresh_numbers(effects);
    }

    /// Counts what the pane of the picture shows. An animation that plays is counted when it stops.
    fn refresh_numbers(&mut self, effects: &mut Vec<Effect>) {
        if !self.settings.panes.contains(&PaneKind::Picture) {
            return;
        }
        let Some(open) = self.active() else { return };
        let PreviewState::Ready { revision, .. } = &open.preview else { return };
        let Some(picture) = open.shown_picture().cloned() else { return };
        if open.film().is_some_and(Film::is_playing) {
            return;
        }
        let look = &open.view.picture;
        let frame = open.film().and_then(|film| film.shown()).map(|(number, _)| *number);
        let key = NumbersKey { revision: *revision, frame, area: look.area.filter(|_| look.part) };
        let work = &open.picture.numbers;
        if !work.needs(&key) {
            return;
        }
        if let Some((running, _)) = work.running() {
            self.cancel_job(running, effects);
        }
        let Some(open) = self.active() else { return };
        let (document, name) = (open.document.id(), open.document.name().to_owned());
        let job = Job::PictureNumbers { document, name, picture: SharedPicture(picture), area: key.area };
        let id = self.start(job, effects);
        if let Some(open) = self.active_mut() {
            open.picture.numbers.begin(id, key, crate::tasks::Latest::new());
        }
    }

    /// A picture was counted; `None` where that was stopped.
    pub(super) fn picture_numbers_known(&mut self, id: JobId, job: &Job, numbers: Option<Arc<PictureNumbers>>) {
        let Job::PictureNumbers { document, .. } = job else { return };
        if let Some(open) = self.document_mut(*document) {
            open.picture.numbers.end(id, numbers);
        }
    }

    fn refresh_picture_details(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let PreviewState::Ready { revision, .. } = &open.preview else { return };
        let revision = *revision;
        // What a content that changed meanwhile was is of no interest any more.
        if revision != open.document.revision() || !open.picture.details.needs(&revision) {
            return;
        }
        let Some(picture) = open.previewed_picture().cloned() else { return };
        let direct = open.detection.format == picture.info.format;
        let job = Job::PictureDetails {
            document: open.document.id(),
            name: open.document.name().to_owned(),
            input: direct.then(|| open.document.snapshot()),
            picture: SharedPicture(picture),
        };
        if let Some((running, _)) = open.picture.details.running() {
            self.cancel_job(running, effects);
        }
        let id = self.start(job, effects);
        if let Some(open) = self.active_mut() {
            open.picture.details.begin(id, revision, crate::tasks::Latest::new());
        }
    }

    /// What stands beside the pixels is known; `None` where it was stopped.
    pub(super) fn picture_details_known(&mut self, id: JobId, job: &Job, details: Option<Arc<PictureDetails>>) {
        let Job::PictureDetails { document, input, picture, .. } = job else { return };
        let Some(open) = self.document_mut(*document) else { return };
        let running = open.picture.details.running().filter(|(running, _)| *running == id);
        let Some(revision) = running.map(|(_, revision)| *revision) else { return };
        open.picture.details.end(id, details.clone());
        let Some(details) = details else { return };
        let count = match details.timing.len() {
            0 => picture.info.frames.unwrap_or(1),
            count => count as u32,
        };
        let paged = matches!(picture.info.format, Format::Tiff);
        let several = count > 1 && input.is_some() && (paged || !details.timing.is_empty());
        let before = open.picture.film.take();
        open.picture.film = several.then(|| {
            let bytes = u64::from(picture.info.width) * u64::from(picture.info.height) * 4;
            let key = FilmKey { document: *document, revision };
            Film::new(key, count, Arc::clone(&details.timing), bytes, before.as_ref())
        });
    }

    /// Asks for the frames that are wanted next, and ends what nobody wants.
    fn refresh_film(&mut self, effects: &mut Vec<Effect>) {
        let wanted = self.active_mut().and_then(|open| {
            let limits = Limits::of(open.limit);
            let format = open.previewed_picture()?.info.format;
            let revision = open.document.revision();
            let film = open.picture.film.as_mut().filter(|film| film.key().revision == revision)?;
            let range = film.wanted();
            if let Some(range) = range {
                film.ask(range);
            }
            let key = film.key();
            let request = range.map(|(from, to)| {
                let input = open.document.snapshot();
                FilmRequest::Decode { key, input, format, limits, from, to }
            });
            Some((key, request))
        });
        match wanted {
            Some((key, Some(request))) => {
                self.film = Some(key);
                effects.push(Effect::Film(request));
            }
            Some((key, None)) if self.film == Some(key) => {}
            _ if self.film.take().is_some() => effects.push(Effect::Film(FilmRequest::Stop)),
            _ => {}
        }
    }

    fn film_event(&mut self, event: FilmEvent) {
        let key = match &event {
            FilmEvent::Frame { key, .. } | FilmEvent::End { key, .. } => *key,
        };
        let active = self.active == Some(key.document);
        let Some(film) = self.document_mut(key.document).and_then(|open| open.picture.film.as_mut()) else { return };
        if film.key() != key || !active {
            return;
        }
        match event {
            FilmEvent::Frame { number, frame, .. } => film.put(number, frame),
            FilmEvent::End { count, reason, .. } => film.end(count, reason),
        }
    }

    pub(super) fn picture_command(&mut self, command: PictureCommand) {
        if let PictureCommand::Film(event) = command {
            return self.film_event(event);
        }
        let Some(open) = self.active_mut() else { return };
        match command {
            PictureCommand::Choose(choice) => self.choose_picture(choice),
            PictureCommand::Area(area) => {
                let size = open.shown_picture().map(|picture| (picture.image.width(), picture.image.height()));
                open.view.picture.area = area.zip(size).and_then(|(area, size)| within(area, size));
            }
            PictureCommand::Pixel(x, y) => {
                open.view.picture.pixel = Some((x, y));
                if let Some((from, to)) = open.bytes_of_pixel(x, y) {
                    self.select_bytes(from, to);
                }
            }
            PictureCommand::Frame(number) => {
                if let Some(film) = &mut open.picture.film {
                    film.stop_at(number);
                }
            }
            PictureCommand::Tick { now } => {
                if let Some(film) = &mut open.picture.film {
                    film.tick(now);
                }
            }
            PictureCommand::Speed(speed) => {
                if let Some(film) = &mut open.picture.film {
                    film.set_speed(speed);
                }
            }
            PictureCommand::Film(_) => {}
        }
    }

    pub(super) fn choose_picture(&mut self, choice: PictureChoice) {
        let Some(open) = self.active_mut() else { return };
        let look = &mut open.view.picture;
        match choice {
            PictureChoice::Channel(channel) => look.channel = channel,
            PictureChoice::Board(board) => look.board = board,
            PictureChoice::ToggleSharp => look.sharp = !look.sharp,
            PictureChoice::ToggleProfile => look.raw = !look.raw,
            PictureChoice::ToggleLog => look.log = !look.log,
            PictureChoice::TogglePart => look.part = !look.part,
            PictureChoice::ToggleSelecting => look.selecting = !look.selecting,
            PictureChoice::ToggleRepeat => {
                if let Some(film) = &mut open.picture.film {
                    film.toggle_repeat();
                }
            }
        }
    }

    /// Whether a choice is the one that is made.
    pub(in crate::app) fn is_picture_chosen(&self, choice: PictureChoice) -> bool {
        let Some(open) = self.active() else { return false };
        let look = &open.view.picture;
        match choice {
            PictureChoice::Channel(channel) => look.channel == channel,
            PictureChoice::Board(Board::Color(_)) => matches!(look.board, Board::Color(_)),
            PictureChoice::Board(board) => look.board == board,
            PictureChoice::ToggleSharp => look.sharp,
            PictureChoice::ToggleProfile => !look.raw,
            PictureChoice::ToggleLog => look.log,
            PictureChoice::TogglePart => look.part,
            PictureChoice::ToggleSelecting => look.selecting,
            PictureChoice::ToggleRepeat => open.film().is_some_and(Film::repeats),
        }
    }

    pub(super) fn picture_action(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::CopyPicture => return self.copy_picture(effects),
            Action::CropPicture => return self.export_area(effects),
            Action::ExportFrame => return self.export_frame(effects),
            Action::ExportFrames => return self.export_frames(effects),
            Action::SelectPicture => return self.select_picture(),
            _ => {}
        }
        let Some(film) = self.active_mut().and_then(|open| open.picture.film.as_mut()) else { return };
        match action {
            Action::FramePlay => film.toggle_playing(),
            Action::FrameNext => film.step(1),
            Action::FramePrevious => film.step(-1),
            Action::FrameFirst => film.stop_at(0),
            Action::FrameLast => film.stop_at(film.count() - 1),
            _ => {}
        }
    }

    fn select_picture(&mut self) {
        let Some(open) = self.active_mut() else { return };
        let Some(picture) = open.shown_picture() else { return };
        let (width, height) = (picture.image.width(), picture.image.height());
        open.view.picture.area = Some(Crop { x: 0, y: 0, width, height });
    }

    fn copy_picture(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some(picture) = open.shown_picture().cloned() else { return };
        let (area, channel) = (open.view.picture.area, open.view.picture.channel);
        let (width, height) = area.map_or((picture.image.width(), picture.image.height()), |area| (area.width, area.height));
        if u64::from(width) * u64::from(height) > CLIPBOARD_PIXELS {
            self.error(format!(
                "{width} x {height} pixels are too many for the clipboard; select an area of at most {} million, or export it",
                CLIPBOARD_PIXELS >> 20
            ));
            return;
        }
        self.start(Job::CopyPicture { picture: SharedPicture(picture), area, channel }, effects);
    }

    pub(super) fn picture_copied(&mut self, copy: Result<(u32, u32, Vec<u8>), FormatError>, effects: &mut Vec<Effect>) {
        match copy {
            Ok((width, height, rgba)) => {
                self.info(format!("{width} × {height} pixels are on the clipboard"));
                effects.push(Effect::CopyPicture { width, height, rgba: rgba.into() });
            }
            Err(FormatError::Cancelled(_)) => {}
            Err(error) => self.error(format!("Not copied: {error}")),
        }
    }

    /// The export dialog, with the area that is selected and the frame that is seen.
    fn export_area(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let (area, frame) = (open.view.picture.area, frame_of(open));
        self.open_export(self.target_of_picture(), effects);
        if let Some(Dialog::Export(export)) = &mut self.dialog {
            export.options.picture.operations.crop = area;
            export.options.picture.frame = frame;
            self.ask_losses(effects);
        }
    }

    fn export_frame(&mut self, effects: &mut Vec<Effect>) {
        let Some(frame) = self.active().map(|open| frame_of(open).unwrap_or(1)) else { return };
        self.open_export(Some(Format::Png), effects);
        if let Some(Dialog::Export(export)) = &mut self.dialog {
            export.options.picture.frame = Some(frame);
            self.ask_losses(effects);
        }
    }

    fn export_frames(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some(picture) = open.previewed_picture() else { return };
        let stem = super::save::stem(open.document.name()).to_owned();
        let limits = Limits::of(open.limit);
        let name = format!("{stem} frames.zip");
        let purpose = SavePurpose::Frames { input: open.document.snapshot(), format: picture.info.format, stem, limits };
        self.ask(purpose, "Export all frames".into(), name, Vec::new(), effects);
    }

    /// The format that a picture stays in where it can be written, else PNG.
    fn target_of_picture(&self) -> Option<Format> {
        let format = self.active()?.detection.format;
        let targets = crate::formats::targets(format);
        Some(if targets.contains(&format) { format } else { Format::Png })
    }
}

/// The number of the frame that is seen, from 1, where it is not simply the picture.
fn frame_of(open: &OpenDocument) -> Option<u32> {
    let (number, _) = open.film()?.shown()?;
    Some(number + 1)
}

/// An area brought into a picture; `None` where nothing of it is in there.
fn within(area: Crop, (width, height): (u32, u32)) -> Option<Crop> {
    let (x, y) = (area.x.min(width), area.y.min(height));
    let (width, height) = (area.width.min(width - x), area.height.min(height - y));
    (width > 0 && height > 0).then_some(Crop { x, y, width, height })
}

impl PictureChoice {
    /// Whether it makes sense for the document in front.
    pub(in crate::app) fn makes_sense(self, open: &OpenDocument) -> bool {
        match self {
            Self::Channel(Channel::Alpha | Channel::Opaque) | Self::Board(_) => {
                open.shown_picture().is_some_and(|picture| picture.image.color().has_alpha())
            }
            Self::ToggleProfile => open.picture_details().is_some_and(|details| details.to_screen.is_some()),
            Self::ToggleRepeat => open.film().is_some_and(|film| !film.is_pages()),
            _ => open.shown_picture().is_some(),
        }
    }
}
