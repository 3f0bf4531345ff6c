//! Many edits in a row, against the plainest model there is: a vector.

use std::fs;

use fastrand::Rng;
use seektell::app::{Action, AppState, Command, HexColumn, ViewCommand};
use seektell::buffer::{Buffer, Len};
use seektell::document::{Document, Operation, Origin};
use seektell::files::{Existing, open, save_buffer};
use seektell::tasks::Progress;

use super::noise;

/// One random edit of a document and of the model.
fn edit(document: &mut Document, model: &mut Vec<u8>, random: &mut Rng) {
    let size = model.len();
    let start = random.usize(..=size);
    let longest = [10, 1000, 100_000][random.usize(..3)];
    let end = random.usize(start..=size.min(start + longest));
    let len = [1, 30, 5000, 70_000][random.usize(..4)];
    let data = if random.bool() { vec![random.u8(..); len] } else { noise(len, random.u64(..)) };
    let fill = data.iter().all(|&byte| byte == data[0]);
    let buffer = if fill { Buffer::filled(data[0], Len::from(len)) } else { Buffer::from(&data[..]) };
    let (from, to) = (start as u64, end as u64);
    let operation = match random.u8(..6) {
        0 => {
            model.splice(start..start, data);
            Operation::Insert { at: from, data: buffer.into() }
        }
        1 => {
            model.drain(start..end);
            Operation::Delete { start: from, end: to }
        }
        2 => {
            model.splice(start..end, data);
            Operation::Replace { start: from, end: to, data: buffer.into() }
        }
        3 => {
            // A write where the cursor is, which may be past the end.
            let at = random.usize(..=size + 100_000);
            document.perform(Operation::seek(at as u64)).unwrap();
            model.resize(size.max(at + len), 0);
            model[at..at + len].copy_from_slice(&data);
            Operation::Write(buffer.into())
        }
        4 if size > 100_000 => {
            model.truncate(start);
            Operation::Truncate(Some(start as i64))
        }
        _ => {
            model.extend_from_slice(&data);
            Operation::Insert { at: size as u64, data: buffer.into() }
        }
    };
    document.perform(operation).unwrap();
}

#[test]
fn a_file_is_what_the_model_is_after_every_save() {
    let folder = tempfile::tempdir().unwrap();
    let (path, twin) = (folder.path().join("data.bin"), folder.path().join("twin.bin"));
    let mut random = Rng::with_seed(11);
    for round in 0..8 {
        let mut model = noise([0, 1, 65_536, 1_500_000][round % 4], round as u64);
        fs::remove_file(&twin).ok();
        fs::write(&path, &model).unwrap();
        if round >= 4 {
            // Written in place instead of replaced.
            fs::hard_link(&path, &twin).unwrap();
        }
        let opened = open(&path).unwrap();
        let mut identity = opened.identity;
        let mut document = Document::bytes("data.bin", Origin::File(path.clone()), opened.buffer);
        for save in 0..8 {
            for _ in 0..random.usize(1..6) {
                edit(&mut document, &mut model, &mut random);
            }
            let content = document.snapshot();
            identity = save_buffer(&path, &Existing::ReplaceIf(identity), &Progress::new(), &content).unwrap().identity;
            let file = fs::read(&path).unwrap();
            let differs = file.iter().zip(&model).position(|(a, b)| a != b);
            assert!(file == model, "round {round}, save {save}: {} bytes, not {}, from {differs:?}", file.len(), model.len());
            assert!(content.to_vec_all().unwrap() == model, "round {round}, save {save}: the document");
            if random.bool() {
                // What comes next is made of the file that was just written.
                let opened = open(&path).unwrap();
                identity = opened.identity;
                document = Document::bytes("data.bin", Origin::File(path.clone()), opened.buffer);
            }
        }
        // All the way back: what the first edits took away is still there.
        let end = document.snapshot();
        while document.undo() {}
        while document.redo() {}
        assert!(document.snapshot().to_vec_all().unwrap() == end.to_vec_all().unwrap());
    }
}

/// What typing does to bytes, told in twenty lines.
struct Typist {
    bytes: Vec<u8>,
    cursor: usize,
    selection: Option<(usize, usize)>,
    insert: bool,
}

impl Typist {
    fn put(&mut self, data: &[u8], insert: bool) {
        let (start, end) = match self.selection.take() {
            Some((start, end)) => (start, end),
            None if insert => (self.cursor, self.cursor),
            None => (self.cursor, (self.cursor + data.len()).min(self.bytes.len())),
        };
        self.bytes.splice(start..end, data.iter().copied());
        self.cursor = start + data.len();
    }

    fn remove(&mut self, start: usize, end: usize) {
        let (start, end) = self.selection.take().unwrap_or((start, end));
        self.bytes.drain(start..end);
        self.cursor = start;
    }
}

#[test]
fn keys_in_a_row_do_what_the_model_does() {
    let mut random = Rng::with_seed(12);
    for round in 0..60 {
        let start = noise([0, 1, 2, 300][round % 4], round as u64);
        let mut state = AppState::new(Default::default());
        state.apply(Command::OpenBytes { name: "data.bin".into(), bytes: start.clone() });
        state.apply(Command::View(ViewCommand::HexColumn(HexColumn::Text)));
        let insert = state.active().unwrap().view.insert;
        let mut model = Typist { bytes: start.clone(), cursor: 0, selection: None, insert };
        for step in 0..80 {
            let size = model.bytes.len();
            let now = f64::from(step) * if random.bool() { 0.1 } else { 5.0 };
            match random.u8(..8) {
                0 | 1 => {
                    state.apply(Command::TypeText { text: "x".into(), now });
                    model.put(b"x", model.insert);
                }
                2 => {
                    state.apply(Command::Backspace { now });
                    model.remove(model.cursor.saturating_sub(1), model.cursor);
                }
                3 => {
                    state.apply(Command::Do(Action::Delete));
                    model.remove(model.cursor, (model.cursor + 1).min(size));
                }
                4 => {
                    let to = random.usize(..=size);
                    state.apply(Command::MoveCursor { to: to as u64, extend: false });
                    (model.cursor, model.selection) = (to, None);
                }
                5 => {
                    let (a, b) = (random.usize(..=size), random.usize(..=size));
                    state.apply(Command::Select { anchor: a as u64, head: b as u64 });
                    model.cursor = b;
                    model.selection = (a != b).then_some((a.min(b), a.max(b)));
                }
                6 => {
                    state.apply(Command::Paste("pasted".into()));
                    model.put(b"pasted", model.insert);
                }
                _ => {
                    state.apply(Command::Do(Action::ToggleInsert));
                    model.insert = !model.insert;
                }
            }
            let open = state.active().unwrap();
            let bytes = open.document.snapshot().to_vec_all().unwrap();
            assert_eq!(bytes, model.bytes, "round {round}, step {step}");
            let selection = open.document.selection().map(|one| (one.start() as usize, one.end() as usize));
            assert_eq!(selection.filter(|(start, end)| start < end), model.selection, "round {round}, step {step}");
            assert_eq!(open.document.position(), model.cursor as u64, "round {round}, step {step}");
        }
        while Action::Undo.enabled(&state) {
            state.apply(Command::Do(Action::Undo));
        }
        assert_eq!(state.active().unwrap().document.snapshot().to_vec_all().unwrap(), start, "round {round}");
    }
}
