//! The frames of an animation as they are looked at: which one is seen, which ones are there, which ones are wanted next.
//!
//! Frames are decoded one after the other by a thread of their own. So many are kept as [`FILM_BYTES`] hold: all of a small
//! animation, and of a large one those around the one that is seen, most of them ahead of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::buffer::Buffer;
use crate::document::DocumentId;
use crate::formats::Format;
use crate::formats::picture::{Limits, Picture, Timing};

/// Bytes of decoded frames that are kept of the animation in front; three frames are kept in any case.
pub const FILM_BYTES: u64 = 256 << 20;

/// The speeds that are offered: times as fast.
pub const FILM_SPEEDS: [f32; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// Frames that are decoded ahead of one that was stepped to.
const STEPS: u32 = 8;

/// An animation that was held up makes up for at most so many seconds.
const BEHIND: f64 = 0.25;

/// Names the frames of one content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilmKey {
    /// The document.
    pub document: DocumentId,
    /// Its content.
    pub revision: u64,
}

/// What the thread that decodes frames is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum FilmRequest {
    /// Decode frames, counted from 0. What it was asked for before is not wanted any more.
    Decode {
        /// Whose they are.
        key: FilmKey,
        /// The content.
        input: Buffer,
        /// What it is.
        format: Format,
        /// What its pixels may take.
        limits: Limits,
        /// The first one.
        from: u32,
        /// Behind the last one.
        to: u32,
    },
    /// Nothing is wanted any more.
    Stop,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum FilmEvent {
    /// A frame.
    Frame {
        /// Whose it is.
        key: FilmKey,
        /// Which one, from 0.
        number: u32,
        /// It.
        frame: Arc<Picture>,
    },
    /// There are no more: so many there were.
    End {
        /// Whose they were.
        key: FilmKey,
        /// How many.
        count: u32,
        /// Why they end, where they should not.
        reason: Option<String>,
    },
}

impl PartialEq for FilmEvent {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Frame { key, number, frame }, Self::Frame { key: other_key, number: other_number, frame: other_frame }) => {
                (key, number) == (other_key, other_number) && Arc::ptr_eq(frame, other_frame)
            }
            (Self::End { key, count, reason }, Self::End { key: other_key, count: other_count, reason: other_reason }) => {
                (key, count, reason) == (other_key, other_count, other_reason)
            }
            _ => false,
        }
    }
}

/// The frames of the picture of one content.
#[derive(Debug)]
pub struct Film {
    key: FilmKey,
    count: u32,
    timing: Arc<Timing>,
    /// Frames that are kept.
    window: u32,
    frames: BTreeMap<u32, Arc<Picture>>,
    /// The one that is to be seen.
    at: u32,
    /// The one that is seen.
    shown: Option<(u32, Arc<Picture>)>,
    /// What is being decoded.
    asked: Option<(u32, u32)>,
    problem: Option<String>,
    /// Somebody wants to see frames: before that none is decoded.
    used: bool,
    /// When the next frame is seen; outside `None` where it does not play, inside until the first tick.
    playing: Option<Option<f64>>,
    speed: f32,
    repeat: bool,
}

impl Film {
    /// The frames of a content with `count` of them, of `bytes` each. What was chosen of an earlier content stays so.
    pub(super) fn new(key: FilmKey, count: u32, timing: Arc<Timing>, bytes: u64, before: Option<&Self>) -> Self {
        let window = (FILM_BYTES / bytes.max(1)).clamp(3, 1 << 20) as u32;
        let repeat = timing.plays != Some(1) || timing.is_empty();
        let mut film = Self {
            key,
            count,
            timing,
            window,
            frames: BTreeMap::new(),
            at: 0,
            shown: None,
            asked: None,
            problem: None,
            used: false,
            playing: None,
            speed: 1.0,
            repeat,
        };
        if let Some(before) = before {
            film.at = before.at.min(count - 1);
            film.shown = before.shown.clone();
            film.playing = before.playing.map(|_| None);
            (film.speed, film.repeat, film.used) = (before.speed, before.repeat, before.used);
        }
        film
    }

    /// Whose they are.
    pub fn key(&self) -> FilmKey {
        self.key
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// How long each is seen.
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// Whether they are pages, which have no delays.
    pub fn is_pages(&self) -> bool {
        self.timing.is_empty()
    }

    /// The one that is to be seen, from 0.
    pub fn at(&self) -> u32 {
        self.at
    }

    /// The one that is seen, and its number; `None` until one was asked for: then the picture itself is the first one.
    pub fn shown(&self) -> Option<&(u32, Arc<Picture>)> {
        self.shown.as_ref()
    }

    /// Whether it plays.
    pub fn is_playing(&self) -> bool {
        self.playing.is_some()
    }

    /// Whether frames are being decoded.
    pub fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }

    /// Why there are fewer than there should be.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Times as fast.
    pub fn speed(&self) -> f32 {
        self.speed
    }

    /// Whether it begins anew at its end.
    pub fn repeats(&self) -> bool {
        self.repeat
    }

    /// Decoded frames that are kept.
    pub fn kept(&self) -> usize {
        self.frames.len()
    }

    /// How many frames are kept at most.
    pub fn window(&self) -> u32 {
        self.window
    }

    /// When time has to be told to it next: nothing needs to be painted before. `None` where it does not play, and where it
    /// waits for a frame, which tells of itself.
    pub fn next_tick(&self) -> Option<f64> {
        let due = self.playing.filter(|_| self.is_there(self.at))?;
        Some(due.unwrap_or(0.0))
    }

    fn is_there(&self, number: u32) -> bool {
        self.frames.contains_key(&number) || self.shown.as_ref().is_some_and(|(shown, _)| *shown == number)
    }

    pub(super) fn set_speed(&mut self, speed: f32) {
        self.speed = speed.clamp(FILM_SPEEDS[0], FILM_SPEEDS[FILM_SPEEDS.len() - 1]);
        self.playing = self.playing.map(|_| None);
    }

    pub(super) fn toggle_repeat(&mut self) {
        self.repeat = !self.repeat;
    }

    pub(super) fn toggle_playing(&mut self) {
        self.used = true;
        self.playing = if self.playing.is_some() { None } else { Some(None) };
        // At its end it begins anew.
        if self.playing.is_some() && !self.repeat && self.at + 1 == self.count {
            self.go(0);
        }
    }

    /// Shows a frame and stops there.
    pub(super) fn stop_at(&mut self, number: u32) {
        self.used = true;
        self.playing = None;
        self.go(number);
    }

    /// The frame `by` steps on, around the ends.
    pub(super) fn step(&mut self, by: i64) {
        let at = (i64::from(self.at) + by).rem_euclid(i64::from(self.count));
        self.stop_at(at as u32);
    }

    fn go(&mut self, number: u32) {
        self.at = number.min(self.count - 1);
        if let Some(frame) = self.frames.get(&self.at) {
            self.shown = Some((self.at, Arc::clone(frame)));
        }
    }

    /// Goes on where a frame is due at `now`.
    pub(super) fn tick(&mut self, now: f64) {
        let Some(due) = self.playing else { return };
        // One that is not decoded yet is waited for, and its time begins when it is seen.
        if !self.is_there(self.at) {
            self.playing = Some(None);
            return;
        }
        let delay = |film: &Self| film.timing.delay(film.at as usize).as_secs_f64() / f64::from(film.speed);
        let Some(mut due) = due else {
            self.playing = Some(Some(now + delay(self)));
            return;
        };
        if now - due > BEHIND {
            due = now;
        }
        while due <= now {
            let last = self.at + 1 == self.count;
            if last && !self.repeat {
                self.playing = None;
                return;
            }
            let next = if last { 0 } else { self.at + 1 };
            if !self.frames.contains_key(&next) {
                self.at = next;
                self.playing = Some(None);
                return;
            }
            self.go(next);
            due += delay(self);
        }
        self.playing = Some(Some(due));
    }

    /// What is to be decoded now: from a frame up to another one. `None` where nothing is wanted that is not there or on its way.
    pub(super) fn wanted(&self) -> Option<(u32, u32)> {
        if !self.used {
            return None;
        }
        let ahead = (self.window - self.window / 4).clamp(1, self.count);
        let playing = self.playing.is_some();
        let ahead = if playing { ahead } else { ahead.min(STEPS) };
        // As many as are looked at before there is time to decode more.
        let soon = if playing { (ahead / 2).max(1) } else { 1 };
        let missing = (0..soon).map(|step| (self.at + step) % self.count).find(|number| !self.is_there(*number))?;
        if self.asked.is_some_and(|(from, to)| (from..to).contains(&missing)) {
            return None;
        }
        // Who steps back goes on to do so.
        let from = if missing == self.at { missing.saturating_sub((self.window / 4).min(STEPS)) } else { missing };
        let from = (from..=missing).find(|number| !self.frames.contains_key(number)).unwrap_or(missing);
        Some((from, missing.saturating_add(ahead).min(self.count)))
    }

    pub(super) fn ask(&mut self, range: (u32, u32)) {
        self.asked = Some(range);
    }

    /// A frame came.
    pub(super) fn put(&mut self, number: u32, frame: Arc<Picture>) {
        self.count = self.count.max(number + 1);
        self.frames.insert(number, frame);
        if number == self.at {
            self.go(number);
        }
        if self.asked.is_some_and(|(_, to)| number + 1 >= to) {
            self.asked = None;
        }
        while self.frames.len() > self.window as usize {
            // Those behind are of less use than those ahead.
            let use_of = |number: u32| {
                let ahead = (number + self.count - self.at) % self.count;
                (ahead / 3).min((self.count - ahead) % self.count)
            };
            let Some(least) = self.frames.keys().copied().max_by_key(|number| use_of(*number)) else { break };
            self.frames.remove(&least);
        }
    }

    /// There are no more than `count`.
    pub(super) fn end(&mut self, count: u32, reason: Option<String>) {
        self.asked = None;
        self.problem = reason;
        self.count = count.max(1);
        if self.at >= self.count {
            self.playing = self.playing.map(|_| None);
            self.go(if self.repeat && self.playing.is_some() { 0 } else { self.count - 1 });
        }
    }

    /// Nobody looks at it.
    pub(super) fn rest(&mut self) {
        self.frames.clear();
        self.asked = None;
        self.playing = self.playing.map(|_| None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Origin};

    fn frame() -> Arc<Picture> {
        Arc::new(Picture::from_rgba8(Format::Gif, image::RgbaImage::new(1, 1)))
    }

    fn film(count: u32, window: u32) -> Film {
        let document = Document::bytes("a.gif", Origin::New, &b""[..]).id();
        let key = FilmKey { document, revision: 0 };
        let mut film = Film::new(key, count, Arc::new(Timing::default()), 1, None);
        film.window = window;
        film
    }

    /// Answers what is asked for, as the thread would.
    fn decode(film: &mut Film, most: &mut usize) {
        while let Some((from, to)) = film.wanted() {
            film.ask((from, to));
            for number in from..to {
                film.put(number, frame());
                *most = (*most).max(film.kept());
            }
        }
    }

    #[test]
    fn a_film_plays_all_frames_in_a_window() {
        let (mut film, mut most) = (film(50, 8), 0);
        film.toggle_playing();
        let (mut seen, mut now) = (Vec::new(), 0.0);
        for _ in 0..5100 {
            decode(&mut film, &mut most);
            film.tick(now);
            let at = film.shown().map(|(number, _)| *number);
            if seen.last() != Some(&at) {
                seen.push(at);
            }
            now += 0.002;
        }
        let expected: Vec<_> = (0..seen.len() as u32).map(|number| Some(number % 50)).collect();
        assert_eq!(seen, expected);
        assert!((95..=103).contains(&seen.len()), "100 ms a frame: {} in 10.2 s", seen.len());
        assert!(most <= 8, "{most} frames were kept");
    }

    #[test]
    fn a_film_that_does_not_repeat_stops_at_its_end_and_begins_anew() {
        let (mut film, mut most) = (film(3, 8), 0);
        film.repeat = false;
        film.toggle_playing();
        let mut now = 0.0;
        while film.is_playing() && now < 5.0 {
            decode(&mut film, &mut most);
            film.tick(now);
            now += 0.01;
        }
        assert!((0.28..0.35).contains(&now), "{now}");
        assert_eq!(film.at(), 2);
        film.toggle_playing();
        assert_eq!((film.at(), film.is_playing()), (0, true));
    }

    #[test]
    fn steps_go_around_and_back_far() {
        let (mut film, mut most) = (film(40, 8), 0);
        assert_eq!(film.wanted(), None, "nothing is decoded before somebody wants to see it");
        film.stop_at(0);
        assert_eq!(film.wanted(), Some((0, 6)), "what is seen, and what may be next");
        decode(&mut film, &mut most);
        film.step(-1);
        assert_eq!(film.at(), 39);
        decode(&mut film, &mut most);
        assert_eq!(film.shown().unwrap().0, 39);
        assert!(film.frames.contains_key(&38), "the next step back is there already");
        film.step(1);
        decode(&mut film, &mut most);
        assert_eq!(film.shown().unwrap().0, 0);
        assert!(most <= 8);
        film.end(12, Some("the file ends early".into()));
        film.step(-1);
        assert_eq!((film.at(), film.count()), (11, 12));
    }

    #[test]
    fn a_film_that_waits_makes_no_haste_afterwards() {
        let mut film = film(10, 20);
        film.toggle_playing();
        film.put(0, frame());
        film.tick(0.0);
        film.tick(0.1);
        assert_eq!((film.at(), film.next_tick()), (1, None), "frame 1 is not there yet");
        film.tick(5.0);
        film.put(1, frame());
        film.put(2, frame());
        film.tick(6.0);
        assert_eq!((film.shown().unwrap().0, film.next_tick()), (1, Some(6.1)));
        film.tick(6.05);
        assert_eq!(film.shown().unwrap().0, 1);
        film.tick(6.1);
        assert_eq!(film.shown().unwrap().0, 2);
    }
}
