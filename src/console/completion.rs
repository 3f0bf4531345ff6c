//! What may follow at the cursor, from what the namespace held when it was looked at last. Nothing is called.

use std::collections::HashMap;
use std::sync::Arc;

use super::call::Args;
use super::object::Object;
use super::session::Completion;
use super::vm::Vm;
use super::{builtins, modules, types};

/// The words of the language.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "break", "continue", "def", "del", "elif", "else", "except", "finally",
    "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
];
/// How far attributes of attributes are looked at.
const DEPTH: usize = 3;
/// The most names whose attributes are looked at.
const NAMES: usize = 500;

/// A name and what can follow its dot.
#[derive(Clone, Debug)]
struct Known {
    name: String,
    kind: &'static str,
    members: Arc<[Known]>,
}

/// What a namespace offers.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot {
    names: Vec<Known>,
}

impl Snapshot {
    /// Looks at a namespace.
    pub(super) fn of(vm: &Vm) -> Self {
        let mut seen = HashMap::new();
        let globals = vm.globals().into_iter().take(NAMES);
        let mut names: Vec<Known> = globals.map(|(name, value)| known(vm, &name, &value, 0, &mut seen)).collect();
        for name in builtins::names() {
            if let Some(value) = builtins::lookup(name)
                && names.iter().all(|known| known.name != name)
            {
                names.push(known(vm, name, &value, DEPTH - 2, &mut seen));
            }
        }
        Self { names }
    }

    /// What may stand at `cursor` (in bytes) of `source`.
    pub(super) fn complete(&self, source: &str, cursor: usize) -> Vec<Completion> {
        let mut cursor = cursor.min(source.len());
        while !source.is_char_boundary(cursor) {
            cursor -= 1;
        }
        let line = source[..cursor].rsplit('\n').next().unwrap_or_default();
        if let Some(found) = imports(line) {
            return found;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let start = line.char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or(line.len(), |(at, _)| at);
        let path = &line[start..];
        let (chain, word) = path.rsplit_once('.').map_or((None, path), |(chain, word)| (Some(chain), word));
        let mut found: Vec<Completion> = Vec::new();
        match chain {
            Some(chain) => {
                let Some(members) = self.members(chain) else { return found };
                found.extend(members.iter().filter(|known| fits(&known.name, word)).map(Known::completion));
            }
            None => {
                if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
                    return found;
                }
                found.extend(self.names.iter().filter(|known| fits(&known.name, word)).map(Known::completion));
                let keywords = KEYWORDS.iter().filter(|keyword| fits(keyword, word));
                found.extend(keywords.map(|keyword| Completion { text: (*keyword).to_owned(), kind: "keyword" }));
            }
        }
        sorted(found)
    }

    fn members(&self, chain: &str) -> Option<Arc<[Known]>> {
        let mut parts = chain.split('.');
        let first = parts.next()?;
        let mut members = Arc::clone(&self.names.iter().find(|known| known.name == first)?.members);
        for part in parts {
            let next = Arc::clone(&members.iter().find(|known| known.name == part)?.members);
            members = next;
        }
        Some(members)
    }
}

fn sorted(mut found: Vec<Completion>) -> Vec<Completion> {
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found.dedup_by(|a, b| a.text == b.text);
    found
}

/// Whether a name continues a word. What begins with an underscore is offered to those who typed one.
fn fits(name: &str, word: &str) -> bool {
    name.starts_with(word) && (word.starts_with('_') || !name.starts_with('_'))
}

/// After `import` and `from`: modules.
fn imports(line: &str) -> Option<Vec<Completion>> {
    let rest = line.trim_start();
    let typed = rest.strip_prefix("import ").or_else(|| rest.strip_prefix("from "))?;
    let word = typed.rsplit([' ', ',']).next().unwrap_or_default();
    let in_names = rest.starts_with("from ") && typed.contains(' ') || typed.contains(" as ");
    if in_names {
        return None;
    }
    let modules = modules::NAMES.iter().filter(|module| module.starts_with(word));
    let last = |module: &str| match word.rfind('.') {
        Some(dot) => module[dot + 1..].to_owned(),
        None => module.to_owned(),
    };
    Some(sorted(modules.map(|module| Completion { text: last(module), kind: "module" }).collect()))
}

impl Known {
    fn completion(&self) -> Completion {
        Completion { text: self.name.clone(), kind: self.kind }
    }
}

type Seen = HashMap<String, Arc<[Known]>>;

fn known(vm: &Vm, name: &str, value: &Object, depth: usize, seen: &mut Seen) -> Known {
    let kind = match value {
        Object::Module(_) => "module",
        Object::Method(_) | Object::ClassMethod(..) => "method",
        _ if depth > 0 => "attribute",
        _ => "name",
    };
    Known { name: name.to_owned(), kind, members: members(vm, value, depth, seen) }
}

fn members(vm: &Vm, value: &Object, depth: usize, seen: &mut Seen) -> Arc<[Known]> {
    if depth >= DEPTH {
        return Arc::default();
    }
    match value {
        Object::Module(module) => {
            let names: Vec<_> = module.names.borrow().iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            let names = names.iter().filter(|(name, _)| !name.starts_with("__"));
            names.map(|(name, value)| known(vm, name, value, depth + 1, seen)).collect()
        }
        Object::Class(class) => {
            let methods = class.mro().into_iter().flat_map(|class| class.0.methods);
            methods.map(|name| Known { name: (*name).to_owned(), kind: "method", members: Arc::default() }).collect()
        }
        Object::Stream(_) | Object::Native(_) => attributes(vm, value, depth, seen),
        other => {
            let class = format!("{}/{depth}", vm.type_name(other));
            if let Some(known) = seen.get(&class) {
                return Arc::clone(known);
            }
            let members = attributes(vm, value, depth, seen);
            seen.insert(class, Arc::clone(&members));
            members
        }
    }
}

/// The names that `dir` gives.
fn attributes(vm: &Vm, value: &Object, depth: usize, seen: &mut Seen) -> Arc<[Known]> {
    let methods: Vec<&'static str> =
        types::class_of(value).mro().into_iter().flat_map(|class| class.0.methods.iter().copied()).collect();
    let listed = builtins::lookup("dir").and_then(|dir| vm.call(&dir, Args::new(vec![value.clone()])).ok());
    let listed = listed.and_then(|listed| vm.collect(&listed).ok()).unwrap_or_default();
    let mut names: Vec<String> = methods.iter().map(|name| (*name).to_owned()).collect();
    for name in listed {
        if let Object::Str(name) = name {
            let name = name.to_string_lossy();
            if !name.starts_with("__") && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let known = names.into_iter().map(|name| {
        let is_method = methods.contains(&name.as_str());
        let inner = if is_method { None } else { vm.get_attribute(value, &name).ok() };
        let members = inner.map_or_else(Arc::default, |inner| members(vm, &inner, depth + 1, seen));
        Known { name, kind: if is_method { "method" } else { "attribute" }, members }
    });
    known.collect()
}
