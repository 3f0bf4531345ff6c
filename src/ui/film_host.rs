//! The thread that decodes the frames of an animation, one after the other: its decoder stays where it is between two requests, since
//! no frame can be decoded without the ones before it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::{FilmEvent, FilmKey, FilmRequest};
use crate::buffer::Buffer;
use crate::formats::picture::{self, Frames, Limits, Picture, PictureInfo};
use crate::formats::{Format, FormatError};
use crate::tasks::{Progress, Waker};

/// Orders that wait at most: the thread looks for newer ones after each frame.
const WAITING: usize = 1024;

/// The thread, started when frames are asked for the first time.
pub(super) struct FilmHost {
    wake: Waker,
    orders: Option<SyncSender<Order>>,
    /// Stops what is being decoded.
    progress: Progress,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    events: Mutex<VecDeque<FilmEvent>>,
    /// Orders that are not carried out in full.
    waiting: AtomicUsize,
}

/// A request with what stops it.
struct Order {
    request: FilmRequest,
    progress: Progress,
}

impl FilmHost {
    pub(super) fn new(wake: Waker) -> Self {
        Self { wake, orders: None, progress: Progress::new(), shared: Arc::default() }
    }

    /// Asks for something; frames come by [`FilmHost::poll`].
    pub(super) fn ask(&mut self, request: FilmRequest) {
        if matches!(request, FilmRequest::Stop) {
            self.progress.cancel();
            self.progress = Progress::new();
            if self.orders.is_none() {
                return;
            }
        }
        self.shared.waiting.fetch_add(1, Ordering::AcqRel);
        let mut order = Order { request, progress: self.progress.clone() };
        for _ in 0..2 {
            let Some(orders) = self.orders.get_or_insert_with(|| start(&self.shared, &self.wake)).try_send(order).err() else {
                return;
            };
            // A thread that broke, or that there was none for: the next one may work.
            order = match orders {
                TrySendError::Full(order) | TrySendError::Disconnected(order) => order,
            };
            self.orders = None;
        }
        self.shared.done();
    }

    /// What came since the last call.
    pub(super) fn poll(&mut self) -> Vec<FilmEvent> {
        self.shared.events.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    /// Whether everything that was asked for is there.
    pub(super) fn is_idle(&self) -> bool {
        self.shared.waiting.load(Ordering::Acquire) == 0
            && self.shared.events.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl Drop for FilmHost {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

impl Shared {
    fn put(&self, event: FilmEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
    }

    fn done(&self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

fn start(shared: &Arc<Shared>, wake: &Waker) -> SyncSender<Order> {
    let (sender, orders) = sync_channel(WAITING);
    let (shared, wake) = (Arc::clone(shared), Arc::clone(wake));
    let work = move || {
        let mut next: Option<Order> = None;
        while let Some(order) = next.take().or_else(|| orders.recv().ok()) {
            match order.request {
                FilmRequest::Stop => shared.done(),
                FilmRequest::Decode { key, input, format, limits, from, to } => {
                    let mut film = Reel { key, format, limits, input: &input, progress: &order.progress, next: 0, frames: None };
                    next = film.serve((from, to), &orders, &shared, &wake);
                }
            }
        }
    };
    // Without a thread nobody receives, which the sender says.
    std::thread::Builder::new().name("film".into()).spawn(work).ok();
    sender
}

/// The frames of one content, as far as the decoder has come.
struct Reel<'a> {
    key: FilmKey,
    format: Format,
    limits: Limits,
    input: &'a Buffer,
    progress: &'a Progress,
    /// The number of the frame that comes next.
    next: u32,
    frames: Option<(Frames<'a>, PictureInfo)>,
}

/// What came of one step of a decoder.
enum Step {
    /// A frame, or that there are no more.
    Tell(FilmEvent),
    /// A frame that lies before those that are wanted.
    Skipped,
    /// All that is wanted is there, or nothing is wanted any more.
    Over,
}

impl Reel<'_> {
    /// Serves orders of this content, and returns the first one of another.
    fn serve(&mut self, mut range: (u32, u32), orders: &Receiver<Order>, shared: &Shared, wake: &Waker) -> Option<Order> {
        loop {
            let mut newer = None;
            while newer.is_none() {
                let last = match self.step(range) {
                    Step::Over => true,
                    Step::Skipped => false,
                    Step::Tell(event) => {
                        let last = matches!(event, FilmEvent::End { .. });
                        shared.put(event);
                        wake();
                        last
                    }
                };
                if last {
                    break;
                }
                newer = match orders.try_recv() {
                    Ok(order) => Some(order),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Disconnected) => return None,
                };
            }
            shared.done();
            wake();
            let order = newer.or_else(|| orders.recv().ok())?;
            match &order.request {
                FilmRequest::Decode { key, limits, from, to, .. } if *key == self.key && *limits == self.limits => {
                    range = (*from, *to);
                    if self.format == Format::Tiff {
                        self.next = *from;
                    } else if *from < self.next {
                        self.frames = None;
                    }
                }
                _ => return Some(order),
            }
        }
    }

    /// Decodes one frame.
    fn step(&mut self, (from, to): (u32, u32)) -> Step {
        if self.format == Format::Tiff {
            return self.page(from, to);
        }
        if self.frames.is_none() {
            let begun = picture::probe(self.input, self.format)
                .and_then(|info| Ok((picture::frames(self.input, self.format, self.limits, self.progress)?, info)));
            self.next = 0;
            match begun {
                Ok((frames, info)) => self.frames = Some((frames, PictureInfo { frames: Some(1), ..info })),
                Err(error) => return self.end(Some(error)),
            }
        }
        if self.next >= to {
            return Step::Over;
        }
        let Some((frames, info)) = &mut self.frames else { return Step::Over };
        match frames.next() {
            Some(Ok(frame)) => {
                let number = self.next;
                self.next += 1;
                if number < from {
                    return Step::Skipped;
                }
                let frame = Arc::new(Picture { info: info.clone(), image: frame.image, truncated: None });
                Step::Tell(FilmEvent::Frame { key: self.key, number, frame })
            }
            Some(Err(error)) => self.end(Some(error)),
            None => self.end(None),
        }
    }

    /// A page is found without the ones before it.
    fn page(&mut self, from: u32, to: u32) -> Step {
        let number = self.next.max(from);
        if number >= to {
            return Step::Over;
        }
        match picture::decode_frame(self.input, self.format, number + 1, self.limits, self.progress) {
            Ok(page) => {
                self.next = number + 1;
                Step::Tell(FilmEvent::Frame { key: self.key, number, frame: Arc::new(page) })
            }
            Err(error) => self.end(Some(error)),
        }
    }

    fn end(&mut self, error: Option<FormatError>) -> Step {
        self.frames = None;
        let reason = match error {
            Some(FormatError::Cancelled(_)) => return Step::Over,
            error => error.map(|error| error.to_string()),
        };
        Step::Tell(FilmEvent::End { key: self.key, count: self.next, reason })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use image::codecs::gif::{GifEncoder, Repeat};
    use image::{Delay, Frame, Rgba, RgbaImage};

    use super::*;
    use crate::document::{Document, Origin};

    fn gif(frames: u8) -> Buffer {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for number in 0..frames {
            let image = RgbaImage::from_pixel(4, 3, Rgba([number * 10, 0, 0, 255]));
            encoder.encode_frame(Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(50, 1))).unwrap();
        }
        drop(encoder);
        bytes.into()
    }

    /// The numbers of the frames that come, each of which has the colour of its number.
    fn frames(host: &mut FilmHost) -> Vec<u32> {
        let end = Instant::now() + Duration::from_secs(30);
        let mut numbers = Vec::new();
        loop {
            let idle = host.is_idle();
            for event in host.poll() {
                match event {
                    FilmEvent::Frame { number, frame, .. } => {
                        assert_eq!(frame.pixel(3, 2).unwrap().rgba8[0], number as u8 * 10);
                        numbers.push(number);
                    }
                    FilmEvent::End { count, reason, .. } => {
                        assert_eq!(reason, None);
                        numbers.push(1000 + count);
                    }
                }
            }
            if idle {
                return numbers;
            }
            assert!(Instant::now() < end, "nothing ends");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn frames_come_in_order_and_the_decoder_goes_on() {
        let mut host = FilmHost::new(Arc::new(|| ()));
        let document = Document::bytes("a.gif", Origin::New, &b""[..]).id();
        let input = gif(9);
        let ask = |revision: u64, from: u32, to: u32| {
            let key = FilmKey { document, revision };
            FilmRequest::Decode { key, input: input.clone(), format: Format::Gif, limits: Limits::default(), from, to }
        };
        host.ask(FilmRequest::Stop);
        assert!(host.is_idle(), "nobody was asked for anything");
        host.ask(ask(1, 0, 4));
        assert_eq!(frames(&mut host), [0, 1, 2, 3]);
        host.ask(ask(1, 4, 6));
        assert_eq!(frames(&mut host), [4, 5]);
        host.ask(ask(1, 2, 4));
        assert_eq!(frames(&mut host), [2, 3], "back, from the start");
        host.ask(ask(1, 7, 20));
        assert_eq!(frames(&mut host), [7, 8, 1009], "there are no more than nine");
        host.ask(ask(2, 1, 2));
        assert_eq!(frames(&mut host), [1], "another content");
        host.ask(FilmRequest::Stop);
        assert!(frames(&mut host).is_empty());
        host.ask(ask(2, 0, 1));
        assert_eq!(frames(&mut host), [0], "after a stop it begins anew");
    }
}
