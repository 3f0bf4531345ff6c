//! A stream as a shared Python object.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use super::arguments::{Arguments, Items};
use super::buffered::{BufferedPair, BufferedStream, Mode};
use super::guard::Guarded;
use super::memory::lock;
use super::watch::{Watch, frozen};
use super::{BytesIO, CallRecord, Exception, ExceptionKind, Link, StreamClass, StreamState, StringIO, TextIOWrapper, Value};

/// A stream of any class that several values refer to, with the extra attributes such objects take. A clone is another reference
/// to the same object; when the last one goes, a wrapper is closed, and with it what is under it.
#[derive(Clone, Debug)]
pub struct StreamObject {
    object: Arc<Object>,
}

/// A stream that this does not keep alive.
#[derive(Clone, Debug)]
pub struct WeakStream {
    object: Weak<Object>,
}

#[derive(Debug)]
struct Object {
    class: StreamClass,
    is_closed_bytes: AtomicBool,
    stream: Guarded<Stream>,
    /// Its `__init__` runs again.
    opening: AtomicBool,
    extra: Mutex<Vec<(String, Value)>>,
    /// The streams that were made over this one.
    wrappers: Mutex<Vec<WeakStream>>,
    watch: Watch,
}

#[derive(Debug)]
enum Stream {
    Bytes(BytesIO),
    Text(StringIO),
    TextWrapper(Box<TextIOWrapper>),
    Buffered(Box<BufferedStream>),
    Pair(Box<BufferedPair>),
}

/// What a wrapper works on without values in between.
pub(super) enum Inside<'a> {
    Bytes(&'a mut BytesIO),
    Buffered(&'a mut BufferedStream),
    Pair(&'a mut BufferedPair),
    Text,
}

impl From<BytesIO> for StreamObject {
    fn from(stream: BytesIO) -> Self {
        Self::new(StreamClass::BytesIO, Stream::Bytes(stream))
    }
}

impl From<TextIOWrapper> for StreamObject {
    fn from(stream: TextIOWrapper) -> Self {
        Self::new(StreamClass::TextIOWrapper, Stream::TextWrapper(Box::new(stream)))
    }
}

impl From<StringIO> for StreamObject {
    fn from(stream: StringIO) -> Self {
        Self::new(StreamClass::StringIO, Stream::Text(stream))
    }
}

impl Stream {
    fn construct(class: StreamClass, args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        let buffered = |mode| BufferedStream::construct(mode, args, keywords).map(|stream| Self::Buffered(Box::new(stream)));
        match class {
            StreamClass::BytesIO => BytesIO::construct(args, keywords).map(Self::Bytes),
            StreamClass::StringIO => StringIO::construct(args, keywords).map(Self::Text),
            StreamClass::TextIOWrapper => {
                TextIOWrapper::construct(args, keywords).map(|stream| Self::TextWrapper(Box::new(stream)))
            }
            StreamClass::BufferedReader => buffered(Mode::Reader),
            StreamClass::BufferedWriter => buffered(Mode::Writer),
            StreamClass::BufferedRandom => buffered(Mode::Random),
            StreamClass::BufferedRWPair => BufferedPair::construct(args, keywords).map(|stream| Self::Pair(Box::new(stream))),
        }
    }

    /// `readline()`, and with `next` also `__next__()`, which loops call: found before all other names.
    #[inline]
    fn line(&mut self, next: bool) -> Result<Value, Exception> {
        let line = match self {
            Self::TextWrapper(stream) if next => {
                return stream.next_line()?.map(Value::Str).ok_or_else(Exception::stop_iteration);
            }
            Self::TextWrapper(stream) => return stream.read_line(None).map(Value::Str),
            Self::Bytes(stream) => stream.read_line(None)?,
            Self::Buffered(stream) => stream.line()?,
            Self::Text(stream) => {
                let line = stream.read_line(None)?;
                return if next && line.is_empty() { Err(Exception::stop_iteration()) } else { Ok(Value::Str(line)) };
            }
            Self::Pair(stream) => return stream.call_with_keywords(if next { "__next__" } else { "readline" }, &[], &[]),
        };
        if next && line.is_empty() { Err(Exception::stop_iteration()) } else { Ok(Value::Bytes(line)) }
    }

    fn call(&mut self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match self {
            Self::Bytes(stream) => stream.call_with_keywords(method, args, keywords),
            Self::Text(stream) => stream.call_with_keywords(method, args, keywords),
            Self::TextWrapper(stream) => stream.call_with_keywords(method, args, keywords),
            Self::Buffered(stream) => stream.call_with_keywords(method, args, keywords),
            Self::Pair(stream) => stream.call_with_keywords(method, args, keywords),
        }
    }

    fn attribute(&self, name: &str) -> Result<Value, Exception> {
        match self {
            Self::Bytes(stream) => stream.attribute(name),
            Self::Text(stream) => stream.attribute(name),
            Self::TextWrapper(stream) => stream.attribute(name),
            Self::Buffered(stream) => stream.attribute(name),
            Self::Pair(stream) => stream.attribute(name),
        }
    }

    fn state(&self) -> Option<StreamState> {
        match self {
            Self::Bytes(stream) => Some(StreamState::Bytes(stream.state())),
            Self::Text(stream) => Some(StreamState::Text(stream.state())),
            _ => None,
        }
    }

    /// The streams under it.
    fn under(&self) -> Vec<StreamObject> {
        match self {
            Self::Bytes(_) | Self::Text(_) => Vec::new(),
            Self::TextWrapper(stream) => stream.buffer().cloned().into_iter().collect(),
            Self::Buffered(stream) => stream.raw().cloned().into_iter().collect(),
            Self::Pair(stream) => stream.raws().into_iter().flatten().cloned().collect(),
        }
    }

    /// Closes it as CPython does when the last reference goes.
    fn finalise(&mut self) {
        // An error cannot go anywhere from here.
        if matches!(self.attribute("closed"), Ok(Value::Bool(false))) {
            let _ = self.call("close", &[], &[]);
        }
    }
}

/// Wrappers over wrappers are followed this far; each level takes part of the stack.
const LEVELS_MAX: u32 = 100;

/// Objects that hold each other are dropped one inside the other this far; the rest waits for its turn.
const DROPS_MAX: u32 = 32;

thread_local! {
    static LEVEL: Cell<u32> = const { Cell::new(0) };
    static DROPS: Cell<u32> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Rest>> = const { RefCell::new(Vec::new()) };
}

/// What an object that is gone held.
type Rest = (Stream, Vec<(String, Value)>);

/// One level of a wrapper that calls what is under it.
struct Level(u32);

impl Level {
    fn enter() -> Result<Self, Exception> {
        let level = LEVEL.try_with(Cell::get).unwrap_or(0);
        if level >= LEVELS_MAX {
            return Err(Exception::new(
                ExceptionKind::Recursion,
                "maximum recursion depth exceeded while calling a Python object",
            ));
        }
        let _ = LEVEL.try_with(|cell| cell.set(level + 1));
        Ok(Self(level))
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let _ = LEVEL.try_with(|cell| cell.set(self.0));
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        let stream = self.stream.get_mut();
        let extra = self.extra.get_mut().map(std::mem::take).unwrap_or_default();
        if self.class.holds_content() && extra.is_empty() {
            return;
        }
        if !self.class.holds_content()
            && let Ok(_level) = Level::enter()
        {
            stream.finalise();
        }
        let rest = (std::mem::replace(stream, Stream::Bytes(BytesIO::default())), extra);
        let depth = DROPS.try_with(Cell::get).unwrap_or(0);
        if depth >= DROPS_MAX {
            let _ = WAITING.try_with(|waiting| waiting.borrow_mut().push(rest));
            return;
        }
        let _ = DROPS.try_with(|cell| cell.set(depth + 1));
        drop(rest);
        if depth == 0 {
            while let Some(rest) = WAITING.try_with(|waiting| waiting.borrow_mut().pop()).ok().flatten() {
                drop(rest);
            }
        }
        let _ = DROPS.try_with(|cell| cell.set(depth));
    }
}

impl WeakStream {
    /// The stream, if it is still alive.
    pub fn upgrade(&self) -> Option<StreamObject> {
        self.object.upgrade().map(|object| StreamObject { object })
    }

    /// [`StreamObject::id`] of the stream; while this handle exists no other stream has it.
    pub fn id(&self) -> usize {
        self.object.as_ptr().addr()
    }
}

impl StreamObject {
    fn new(class: StreamClass, stream: Stream) -> Self {
        let is_closed = matches!(&stream, Stream::Bytes(stream) if stream.closed());
        let object = Object {
            class,
            is_closed_bytes: AtomicBool::new(is_closed),
            stream: Guarded::new(stream),
            opening: AtomicBool::new(false),
            extra: Mutex::default(),
            wrappers: Mutex::default(),
            watch: Watch::default(),
        };
        let stream = Self { object: Arc::new(object) };
        stream.announce();
        stream
    }

    /// `class(...)` with Python's arguments.
    pub fn construct(class: StreamClass, args: &[Value], keywords: &[(&str, Value)]) -> Result<Self, Exception> {
        // One level, so that what can be made can also be used.
        let _level = if class.holds_content() { None } else { Some(Level::enter()?) };
        Stream::construct(class, args, keywords).map(|stream| Self::new(class, stream))
    }

    /// Tells the streams under it that it is over them.
    fn announce(&self) {
        for under in self.under() {
            let mut wrappers = lock(&under.object.wrappers);
            wrappers.retain(|wrapper| wrapper.object.strong_count() > 0 && wrapper.id() != self.id());
            wrappers.push(self.downgrade());
        }
    }

    /// Whether both are the same object: Python's `is`, and `==` of streams.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.object, &other.object)
    }

    /// A number that no other living stream has.
    pub fn id(&self) -> usize {
        Arc::as_ptr(&self.object).addr()
    }

    /// A handle that does not keep it alive.
    pub fn downgrade(&self) -> WeakStream {
        WeakStream { object: Arc::downgrade(&self.object) }
    }

    /// Its class.
    pub fn class(&self) -> StreamClass {
        self.object.class
    }

    /// Whether it is a [`BytesIO`].
    pub fn is_bytes(&self) -> bool {
        self.object.class == StreamClass::BytesIO
    }

    /// Works with the [`BytesIO`] inside; `None` for another class. The work must not use this object, which would give `None` too.
    pub fn with_bytes<R>(&self, work: impl FnOnce(&mut BytesIO) -> R) -> Option<R> {
        match &mut *self.object.stream.hold()? {
            Stream::Bytes(stream) => {
                let result = work(stream);
                self.note_closed(stream);
                Some(result)
            }
            _ => None,
        }
    }

    /// Must come after everything that may have closed or reopened a `BytesIO`.
    #[inline]
    fn note_closed(&self, stream: &BytesIO) {
        self.object.is_closed_bytes.store(stream.closed(), Ordering::Relaxed);
    }

    /// Whether it is a `BytesIO` that is closed, without waiting for it: what a wrapper asks before each line.
    #[inline]
    pub(super) fn is_closed_bytes(&self) -> bool {
        self.object.is_closed_bytes.load(Ordering::Relaxed)
    }

    /// Works with the [`StringIO`] inside; `None` for another class. The work must not use this object, which would give `None` too.
    pub fn with_text<R>(&self, work: impl FnOnce(&mut StringIO) -> R) -> Option<R> {
        match &mut *self.object.stream.hold()? {
            Stream::Text(stream) => Some(work(stream)),
            _ => None,
        }
    }

    /// All of it at this moment; `None` for a wrapper, whose content is that of the streams under it.
    pub fn state(&self) -> Option<StreamState> {
        self.object.stream.hold()?.state()
    }

    /// Puts an earlier state back; `false`, and nothing happens, if it is of another class. Views of the content keep what they
    /// look at. A watched stream does not report this as a change.
    pub fn restore(&self, state: &StreamState) -> bool {
        let Some(mut stream) = self.object.stream.hold() else { return false };
        match (&mut *stream, state) {
            (Stream::Bytes(stream), StreamState::Bytes(state)) => {
                stream.restore(state);
                self.note_closed(stream);
            }
            (Stream::Text(stream), StreamState::Text(state)) => stream.restore(state),
            _ => return false,
        }
        if self.object.watch.is_on()
            && let Some(state) = stream.state()
        {
            self.object.watch.set_last(state);
        }
        true
    }

    /// Says whether a stream that holds content refuses changes; see [`BytesIO::set_protected`]. A wrapper has none of its own.
    pub fn set_protected(&self, protected: bool) {
        match self.object.stream.hold().as_deref_mut() {
            Some(Stream::Bytes(stream)) => stream.set_protected(protected),
            Some(Stream::Text(stream)) => stream.set_protected(protected),
            _ => {}
        }
    }

    /// Whether a view of its content exists, so that nothing may change its size.
    pub fn is_exported(&self) -> bool {
        self.with_bytes(|stream| stream.is_exported()).unwrap_or(false)
    }

    /// The streams right under a wrapper: two for a `BufferedRWPair`, none once it is detached.
    pub fn under(&self) -> Vec<Self> {
        if self.object.class.holds_content() {
            return Vec::new();
        }
        self.object.stream.hold().map(|stream| stream.under()).unwrap_or_default()
    }

    /// The living wrappers right over it, oldest first.
    pub fn wrappers(&self) -> Vec<Self> {
        // Cloned out of the lock: dropping the last reference to one calls back.
        let wrappers = lock(&self.object.wrappers).clone();
        let over = |wrapper: &Self| wrapper.under().iter().any(|under| under.is_same(self));
        wrappers.iter().filter_map(WeakStream::upgrade).filter(over).collect()
    }

    /// What a wrapper holds beside the stream under it; `None` for the others. It has no name yet.
    pub fn link(&self) -> Option<Link> {
        let stream = self.object.stream.hold()?;
        let (text, window) = match &*stream {
            Stream::Bytes(_) | Stream::Text(_) => return None,
            Stream::TextWrapper(stream) => (Some(stream.link()), None),
            Stream::Buffered(stream) => (None, stream.link()),
            Stream::Pair(stream) => (None, stream.link()),
        };
        Some(Link { class: self.object.class.name(), id: self.id(), name: None, text, window })
    }

    /// `_io.BytesIO`, `_io.TextIOWrapper`, …
    pub fn type_name(&self) -> &'static str {
        self.object.class.type_name()
    }

    /// Python's `repr`; the address is the object's own.
    pub fn repr(&self) -> String {
        let plain = || format!("<{} object at {:#x}>", self.type_name(), self.id());
        if self.object.class.holds_content() {
            return plain();
        }
        let (Ok(_level), Some(stream)) = (Level::enter(), self.object.stream.hold()) else {
            return format!("<{}>", self.type_name());
        };
        match &*stream {
            Stream::Bytes(_) | Stream::Text(_) | Stream::Pair(_) => plain(),
            Stream::TextWrapper(stream) => stream.repr(self.extra("mode").as_ref()),
            Stream::Buffered(stream) => stream.repr(),
        }
    }

    /// Whether `name` is a public method of its class.
    pub fn has_method(&self, name: &str) -> bool {
        self.object.class.methods().contains(&name)
    }

    fn reentrant(&self) -> Exception {
        if self.object.opening.load(Ordering::Relaxed) {
            return Exception::value_error("I/O operation on uninitialized object");
        }
        Exception::new(ExceptionKind::Runtime, format!("reentrant call inside {}", self.repr()))
    }

    fn direct_call(&self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        let _level = if self.object.class.holds_content() { None } else { Some(Level::enter()?) };
        match self.object.stream.hold() {
            Some(mut stream) => {
                let result = match method {
                    "__next__" | "readline" if args.is_empty() && keywords.is_empty() => stream.line(method == "__next__"),
                    _ => stream.call(method, args, keywords),
                };
                if let Stream::Bytes(stream) = &*stream {
                    self.note_closed(stream);
                }
                result
            }
            None => Err(self.reentrant()),
        }
    }

    /// What it is inside, for a wrapper that works on it without values in between.
    pub(super) fn with_inside<R>(&self, work: impl FnOnce(Inside<'_>) -> Result<R, Exception>) -> Result<R, Exception> {
        let _level = if self.object.class.holds_content() { None } else { Some(Level::enter()?) };
        match &mut *self.object.stream.hold().ok_or_else(|| self.reentrant())? {
            Stream::Bytes(stream) => {
                let result = work(Inside::Bytes(stream));
                self.note_closed(stream);
                result
            }
            Stream::Buffered(stream) => work(Inside::Buffered(stream)),
            Stream::Pair(stream) => work(Inside::Pair(stream)),
            Stream::Text(_) | Stream::TextWrapper(_) => work(Inside::Text),
        }
    }

    /// Whether it is closed: the attribute, without a value in between where it holds its content.
    pub(super) fn is_closed(&self) -> Result<bool, Exception> {
        if self.object.class.holds_content() {
            return Ok(match self.object.stream.hold().as_deref() {
                Some(Stream::Bytes(stream)) => stream.closed(),
                Some(Stream::Text(stream)) => stream.closed(),
                _ => false,
            });
        }
        self.attribute("closed").map(|closed| closed == Value::Bool(true))
    }

    /// Keeps a call that a wrapper makes without [`StreamObject::call`].
    pub(super) fn watched<R>(
        &self,
        method: &str,
        args: impl FnOnce() -> Vec<Value>,
        shown: impl FnOnce(&R) -> Value,
        work: impl FnOnce() -> Result<R, Exception>,
    ) -> Result<R, Exception> {
        if !self.object.watch.is_on() {
            return work();
        }
        let watch = &self.object.watch;
        let before = if watch.wants() { self.state() } else { None };
        let Some(before) = before else { return work() };
        watch.before(&before);
        let args = watch.freeze(args().iter());
        let result = work();
        if let Some(after) = self.state() {
            let kept = result.as_ref().map(shown).map_err(Clone::clone);
            watch.push(CallRecord { method: Some(method.to_owned()), args, result: kept, before, after });
        }
        result
    }

    /// A call by name: [`BytesIO::call`], [`StringIO::call`] and the like of the wrappers, where `__iter__` and `__enter__` return
    /// this object, and `writelines` may be given any stream, this one too.
    pub fn call(&self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        if self.object.watch.is_on() {
            self.watched_call(method, args, keywords)
        } else {
            self.plain_call(method, args, keywords)
        }
    }

    fn plain_call(&self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        match method {
            "__iter__" | "__enter__" => {
                self.direct_call(method, args, keywords)?;
                Ok(Value::Stream(self.clone()))
            }
            "writelines" if keywords.is_empty() => {
                let class = if self.is_bytes() { "BytesIO" } else { "_IOBase" };
                let lines = Arguments { class, method, args }.one()?;
                // Nothing is written, but what must be checked before the iteration begins is.
                self.direct_call(method, &[Value::List(Vec::new())], &[])?;
                let mut items = Items::of(lines)?;
                while let Some(item) = items.next()? {
                    self.direct_call("write", &[item], &[])?;
                }
                Ok(Value::None)
            }
            "__init__" if !self.object.class.holds_content() => {
                self.object.opening.store(true, Ordering::Relaxed);
                let result = self.direct_call(method, args, keywords);
                self.object.opening.store(false, Ordering::Relaxed);
                self.announce();
                result
            }
            _ => self.direct_call(method, args, keywords),
        }
    }

    /// What iterating over it checks first.
    pub(super) fn check_iterable(&self) -> Result<(), Exception> {
        self.direct_call("__iter__", &[], &[]).map(|_| ())
    }

    /// From now on every call that reaches a `BytesIO` or `StringIO` is kept, up to `limit` calls and a bounded amount of memory;
    /// those that follow are counted. Costs nothing while it is not asked for.
    pub fn record(&self, limit: usize) {
        if let Some(state) = self.state() {
            self.object.watch.start(limit, state);
        }
    }

    /// Whether calls are kept.
    #[inline]
    pub fn is_recorded(&self) -> bool {
        self.object.watch.is_on()
    }

    /// Ends [`StreamObject::record`]: the first calls in order, with changes that came through views between them, and how many
    /// calls followed.
    pub fn take_records(&self) -> (Vec<CallRecord>, u64) {
        match self.state() {
            Some(state) if self.is_recorded() => self.object.watch.stop(&state),
            _ => (Vec::new(), 0),
        }
    }

    #[cold]
    fn watched_call(&self, method: &str, args: &[Value], keywords: &[(&str, Value)]) -> Result<Value, Exception> {
        let all = || args.iter().chain(keywords.iter().map(|(_, value)| value)).cloned().collect();
        self.watched(method, all, frozen, || self.plain_call(method, args, keywords))
    }

    /// An attribute that is not a method: of the class, or one that was set.
    pub fn attribute(&self, name: &str) -> Result<Value, Exception> {
        let _level = if self.object.class.holds_content() { None } else { Some(Level::enter()?) };
        let own = match self.object.stream.hold() {
            Some(stream) => stream.attribute(name),
            None => return Err(self.reentrant()),
        };
        match own {
            Err(exception) if exception.kind == ExceptionKind::Attribute => self.extra(name).ok_or(exception),
            own => own,
        }
    }

    /// An attribute that was set on this object; it hides a method of the same name.
    pub fn extra(&self, name: &str) -> Option<Value> {
        lock(&self.object.extra).iter().find(|(extra, _)| extra == name).map(|(_, value)| value.clone())
    }

    /// All attributes that were set on this object, in the order in which they were set first.
    pub fn extras(&self) -> Vec<(String, Value)> {
        lock(&self.object.extra).clone()
    }

    /// `stream.name = value`: everything but the attributes of the class can be set.
    pub fn set_attribute(&self, name: &str, value: Value) -> Result<(), Exception> {
        if let Some(result) = self.set_own(name, &value) {
            return result;
        }
        self.check_writable(name)?;
        let mut extra = lock(&self.object.extra);
        let old = match extra.iter_mut().find(|(extra, _)| extra == name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                extra.push((name.to_owned(), value));
                None
            }
        };
        // What goes may be a stream, whose end must not find the attributes locked.
        drop(extra);
        drop(old);
        Ok(())
    }

    fn set_own(&self, name: &str, value: &Value) -> Option<Result<(), Exception>> {
        if self.object.class != StreamClass::TextIOWrapper {
            return None;
        }
        match &mut *self.object.stream.hold()? {
            Stream::TextWrapper(stream) => stream.set_attribute(name, value),
            _ => None,
        }
    }

    /// `del stream.name`
    pub fn delete_attribute(&self, name: &str) -> Result<(), Exception> {
        self.check_writable(name)?;
        let mut extra = lock(&self.object.extra);
        let at = extra.iter().position(|(extra, _)| extra == name);
        let old = at.map(|at| extra.remove(at));
        drop(extra);
        old.map(|_| ()).ok_or_else(|| {
            Exception::new(ExceptionKind::Attribute, format!("'{}' object has no attribute '{name}'", self.type_name()))
        })
    }

    fn check_writable(&self, name: &str) -> Result<(), Exception> {
        match self.object.class.not_writable(name) {
            Some(message) => Err(Exception::new(ExceptionKind::Attribute, message)),
            None => Ok(()),
        }
    }
}

/// By identity, as Python compares streams.
impl PartialEq for StreamObject {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}
