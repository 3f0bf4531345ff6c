//! Documents as objects of the namespace: made once, set to what they became outside, and watched while statements run.

use std::collections::HashMap;

use super::object::Object;
use super::session::{Binding, Touched};
use super::vm::Vm;
use crate::stream::{BytesIO, CallRecord, Link, Newline, StreamObject, StreamState, StringIO, Text};

/// The most calls of one run that are kept for a document.
const CALLS: usize = 2000;

/// Bytes of what wrappers held that are kept for a document and a run.
const HELD: u64 = 4 << 20;

#[derive(Debug, Default)]
pub(super) struct Documents {
    open: HashMap<u64, Document>,
}

#[derive(Debug)]
struct Document {
    stream: StreamObject,
    names: Vec<String>,
    /// What the other side knows that it holds.
    known: Option<StreamState>,
    calls: Vec<(usize, CallRecord)>,
    more: u64,
    /// What the wrappers held when they were looked at last, and what they held after statements of this run.
    links: Vec<Link>,
    held: Vec<(usize, Option<Vec<Link>>)>,
    /// Bytes that the latter takes.
    held_bytes: u64,
}

/// Whether two states are the very same, without reading content.
fn is_same(a: &StreamState, b: &StreamState) -> bool {
    is_same_content(a, b)
        && match (a, b) {
            (StreamState::Bytes(a), StreamState::Bytes(b)) => a.position == b.position && a.closed == b.closed,
            (StreamState::Text(a), StreamState::Text(b)) => {
                a.position == b.position && a.closed == b.closed && a.newline == b.newline && a.seen == b.seen
            }
            _ => false,
        }
}

fn is_same_content(a: &StreamState, b: &StreamState) -> bool {
    match (a, b) {
        (StreamState::Bytes(a), StreamState::Bytes(b)) => a.value.is_same(&b.value),
        (StreamState::Text(a), StreamState::Text(b)) => a.value.is_same(&b.value),
        _ => false,
    }
}

fn make(state: &StreamState) -> StreamObject {
    let stream: StreamObject = match state {
        StreamState::Bytes(_) => BytesIO::default().into(),
        StreamState::Text(_) => StringIO::new(Text::default(), Newline::default()).into(),
    };
    stream.restore(state);
    stream
}

impl Document {
    fn new(stream: StreamObject, names: Vec<String>) -> Self {
        Self { stream, names, known: None, calls: Vec::new(), more: 0, links: Vec::new(), held: Vec::new(), held_bytes: 0 }
    }

    /// A statement is done: what the wrappers hold now is put aside where it is something else.
    fn look(&mut self, vm: &Vm, statement: usize) {
        let ended = matches!(self.held.last(), Some((_, None)));
        if ended || (self.links.is_empty() && self.stream.wrappers().is_empty()) {
            return;
        }
        let mut links = Vec::new();
        collect_links(&self.stream, &vm.globals(), &mut links);
        if links == self.links {
            return;
        }
        self.held_bytes += Link::share_all(&mut links, &self.links);
        self.links.clone_from(&links);
        self.held.push((statement, (self.held_bytes <= HELD).then_some(links)));
    }

    /// Sets the object to what the document became outside.
    fn follow(&mut self, state: &StreamState) {
        if self.known.as_ref().is_some_and(|known| is_same(known, state)) {
            return;
        }
        let now = self.stream.state();
        if now.as_ref().is_some_and(|now| is_same(now, state)) {
            return;
        }
        // Where only the cursor moved, views of the content stay views of it.
        if now.as_ref().is_some_and(|now| is_same_content(now, state)) && self.stream.is_exported() {
            let position = i64::try_from(state.position()).unwrap_or(i64::MAX);
            if self.stream.call("seek", &[position.into()], &[]).is_ok() {
                return;
            }
        }
        if !self.stream.restore(state) {
            self.stream = make(state);
        }
    }
}

impl Documents {
    /// A run begins: the documents that are open get their objects and names.
    pub(super) fn bind(&mut self, vm: &Vm, bindings: &[Binding]) {
        let closed: Vec<u64> = self.open.keys().copied().filter(|key| bindings.iter().all(|one| one.key != *key)).collect();
        for key in closed {
            self.forget(vm, key);
        }
        for binding in bindings {
            let document = self.open.entry(binding.key).or_insert_with(|| Document::new(make(&binding.state), Vec::new()));
            document.follow(&binding.state);
            document.stream.set_protected(binding.protected);
            document.known = Some(binding.state.clone());
            let value = || Object::Stream(document.stream.clone());
            for name in &binding.names {
                // A name that the script gave to something else since is the script's.
                if !document.names.contains(name) || vm.global(name).is_none() {
                    vm.set_global(name, Some(value()));
                }
            }
            for name in document.names.iter().filter(|name| !binding.names.contains(name)) {
                unbind(vm, name, &document.stream);
            }
            document.names.clone_from(&binding.names);
            document.calls.clear();
            document.more = 0;
            document.stream.record(CALLS);
        }
    }

    /// A statement is done: its calls are put aside.
    pub(super) fn after(&mut self, vm: &Vm, statement: usize) {
        for document in self.open.values_mut() {
            document.look(vm, statement);
            let (calls, more) = document.stream.take_records();
            document.more += more;
            document.calls.extend(calls.into_iter().map(|call| (statement, call)));
            document.stream.record(CALLS.saturating_sub(document.calls.len()));
        }
    }

    /// A run is over: what happened to each document, in the order of their keys.
    pub(super) fn touched(&mut self, vm: &Vm) -> Vec<Touched> {
        let globals = vm.globals();
        let mut touched: Vec<Touched> = Vec::new();
        for (key, document) in &mut self.open {
            document.stream.take_records();
            let calls = std::mem::take(&mut document.calls);
            let Some(state) = document.stream.state() else { continue };
            let mut links = Vec::new();
            collect_links(&document.stream, &globals, &mut links);
            let had = !std::mem::replace(&mut document.links, links.clone()).is_empty();
            let held = std::mem::take(&mut document.held);
            document.held_bytes = 0;
            let changed = document.known.as_ref().is_none_or(|known| !is_same(known, &state));
            let exported = document.stream.is_exported();
            if changed || !calls.is_empty() || document.more > 0 || exported || had || !links.is_empty() {
                document.known = Some(state.clone());
                let more_calls = document.more;
                touched.push(Touched { key: *key, calls, more_calls, state, exported, links, held });
            }
        }
        touched.sort_by_key(|touched| touched.key);
        touched
    }

    /// A stream that a name stands for becomes a document.
    pub(super) fn adopt(&mut self, vm: &Vm, name: &str, key: u64) {
        if let Some(Object::Stream(stream)) = vm.global(name) {
            let mut document = Document::new(stream, vec![name.to_owned()]);
            document.known = document.stream.state();
            self.open.insert(key, document);
        }
    }

    /// A document is no longer open; names that still stand for it go.
    pub(super) fn forget(&mut self, vm: &Vm, key: u64) {
        if let Some(document) = self.open.remove(&key) {
            document.stream.take_records();
            document.names.iter().for_each(|name| unbind(vm, name, &document.stream));
        }
    }

    /// The document that a stream is.
    pub(super) fn key_of(&self, stream: &StreamObject) -> Option<u64> {
        self.open.iter().find(|(_, document)| document.stream.is_same(stream)).map(|(key, _)| *key)
    }
}

fn unbind(vm: &Vm, name: &str, stream: &StreamObject) {
    if let Some(Object::Stream(now)) = vm.global(name)
        && now.is_same(stream)
    {
        vm.set_global(name, None);
    }
}

/// The wrappers over a stream, those over them too.
fn collect_links(stream: &StreamObject, globals: &[(std::rc::Rc<str>, Object)], links: &mut Vec<Link>) {
    for wrapper in stream.wrappers() {
        if links.iter().any(|link| link.id == wrapper.id()) {
            continue;
        }
        if let Some(mut link) = wrapper.link() {
            let named = globals.iter().find(|(_, value)| matches!(value, Object::Stream(one) if one.is_same(&wrapper)));
            link.name = named.map(|(name, _)| name.to_string());
            links.push(link);
        }
        collect_links(&wrapper, globals, links);
    }
}
