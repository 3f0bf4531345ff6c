//! What the wrappers over a document held at its moments: kept with the entries, as much as is small.

use std::collections::BTreeMap;

use crate::stream::Link;

/// Bytes that the kept states may take; the oldest go first.
const BUDGET: u64 = 4 << 20;

/// The state of an entry in the middle of a statement: nobody looked.
pub(super) const WITHIN: u32 = 0;

/// The state of a document that no wrapper stands over.
pub(super) const NONE: u32 = 1;

/// What the wrappers over a document held at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wrappers<'a> {
    /// This.
    Held(&'a [Link]),
    /// That is not known: the moment is in the middle of a statement of the console, which is looked at when it ends.
    Within,
    /// That is no longer kept: there were too many states since.
    Forgotten,
}

/// The states, by numbers that entries refer to.
#[derive(Clone, Debug)]
pub(super) struct WrapperStates {
    kept: BTreeMap<u32, (Vec<Link>, u64)>,
    next: u32,
    /// What was put in last.
    last: u32,
    cost: u64,
}

impl Default for WrapperStates {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), next: NONE + 1, last: NONE, cost: 0 }
    }
}

impl WrapperStates {
    /// The number of a state, a new one where it differs from the last; `None` is the same as the last.
    pub(super) fn put(&mut self, links: Option<&[Link]>) -> u32 {
        let Some(links) = links else { return self.last };
        if links.is_empty() {
            self.last = NONE;
            return NONE;
        }
        let before = self.kept.get(&self.last).map_or(&[][..], |(links, _)| links);
        if before == links {
            return self.last;
        }
        let mut links = links.to_vec();
        let cost = Link::share_all(&mut links, before);
        self.last = self.next;
        self.next += 1;
        self.cost += cost;
        self.kept.insert(self.last, (links, cost));
        while self.cost > BUDGET
            && self.kept.len() > 1
            && let Some((_, (_, cost))) = self.kept.pop_first()
        {
            self.cost -= cost;
        }
        self.last
    }

    pub(super) fn get(&self, state: u32) -> Wrappers<'_> {
        match state {
            WITHIN => Wrappers::Within,
            NONE => Wrappers::Held(&[]),
            state => self.kept.get(&state).map_or(Wrappers::Forgotten, |(links, _)| Wrappers::Held(links)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Text, TextLink};

    #[test]
    fn only_so_much_is_kept_and_the_newest_stays() {
        let link = |n: usize| {
            let text = TextLink { used: n as u64, decoded: Text::from("y".repeat(5000 + n)), ..TextLink::default() };
            Link { class: "TextIOWrapper", id: 1, name: None, text: Some(text), window: None }
        };
        let mut states = WrapperStates::default();
        assert_eq!(states.put(Some(&[])), NONE);
        let first = states.put(Some(&[link(0)]));
        assert_eq!(states.put(Some(&[link(0)])), first);
        assert_eq!(states.put(None), first);
        let mut last = first;
        for n in 1..2000 {
            last = states.put(Some(&[link(n)]));
        }
        assert!(states.cost <= BUDGET && states.kept.len() > 10);
        assert_eq!(states.get(first), Wrappers::Forgotten);
        assert!(matches!(states.get(last), Wrappers::Held([link]) if link.text.as_ref().is_some_and(|text| text.used == 1999)));
        assert_eq!(states.get(WITHIN), Wrappers::Within);
    }
}
