//! Where the cursor was before it jumped: back and forward, as in a browser.

/// Places that are kept in each direction.
const KEPT: usize = 100;

/// Places so near to each other are one, in units of the stream: a look around is no journey.
pub(super) const NEAR: u64 = 64;

/// Steps of arrow and page keys up to this far are no jumps.
pub(super) const STEP: u64 = 16 * 1024;

/// The places that jumps led away from. Bounded; changed by [`AppState::apply`](super::AppState::apply) only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jumps {
    back: Vec<u64>,
    forward: Vec<u64>,
}

impl Jumps {
    /// The cursor jumped away from here.
    pub(super) fn left(&mut self, from: u64) {
        self.forward.clear();
        push(&mut self.back, from);
    }

    /// Where the cursor was before, if it stands at `from` now.
    pub(super) fn back(&mut self, from: u64) -> Option<u64> {
        let to = self.back.pop()?;
        push(&mut self.forward, from);
        Some(to)
    }

    /// Where it was before it went back.
    pub(super) fn forward(&mut self, from: u64) -> Option<u64> {
        let to = self.forward.pop()?;
        push(&mut self.back, from);
        Some(to)
    }

    /// Whether there is a place to go back to.
    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    /// Whether there is a place to go forward to.
    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }
}

fn push(places: &mut Vec<u64>, place: u64) {
    match places.last_mut() {
        Some(last) if last.abs_diff(place) <= NEAR => *last = place,
        _ => {
            if places.len() == KEPT {
                places.remove(0);
            }
            places.push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Jumps, KEPT};

    #[test]
    fn places_come_back_in_order_and_near_ones_are_one() {
        let mut jumps = Jumps::default();
        for place in [0, 1000, 1010, 5000] {
            jumps.left(place);
        }
        assert_eq!(jumps.back(9000), Some(5000));
        assert_eq!(jumps.back(5000), Some(1010));
        assert_eq!(jumps.forward(1010), Some(5000));
        assert_eq!(jumps.back(5000), Some(1010));
        assert_eq!(jumps.back(1010), Some(0));
        assert_eq!(jumps.back(0), None);
        jumps.left(0);
        assert!(!jumps.can_go_forward(), "a new way forgets the old one");
        for place in 0..1000 {
            jumps.left(place * 1000);
        }
        assert_eq!(jumps.back.len(), KEPT);
    }
}
