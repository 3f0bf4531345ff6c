//! Walking the timeline of the document in front: what is asked for, and how a walk plays.

use crate::document::Moment;

/// A step of a walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WalkCommand {
    /// Show a moment.
    To(Moment),
    /// Show the moment after so many calls of the way that is walked.
    ToStep(usize),
    /// Time went by while the walk plays; `now` is in seconds since some fixed moment.
    Tick {
        /// Now.
        now: f64,
    },
    /// Play so many calls a second.
    Speed(f32),
}

/// A walk that goes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Playing {
    /// When the next call is shown; `None` until the first tick, since deciding reads no clock.
    pub due: Option<f64>,
}

/// The speeds that are offered, in calls a second.
pub const SPEEDS: [f32; 7] = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0];

/// Calls a second where nothing else was chosen.
pub const SPEED: f32 = 2.0;

/// A walk that was held up makes up for at most so many seconds.
const BEHIND: f64 = 0.5;

impl Playing {
    /// How many calls to go on by at `now`, with the moment of the next ones set.
    pub(super) fn tick(&mut self, now: f64, speed: f32) -> usize {
        let pause = 1.0 / f64::from(speed.clamp(SPEEDS[0], SPEEDS[SPEEDS.len() - 1]));
        let Some(due) = self.due else {
            self.due = Some(now + pause);
            return 0;
        };
        if now < due {
            return 0;
        }
        let late = (now - due).min(BEHIND);
        let more = (late / pause).floor();
        self.due = Some(now - late + (more + 1.0) * pause);
        1 + more as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_keeps_its_speed() {
        for speed in SPEEDS {
            let (mut playing, mut steps, mut now) = (Playing::default(), 0, 100.0);
            let seconds = 20.0;
            while now < 100.0 + seconds {
                steps += playing.tick(now, speed);
                now += 1.0 / 60.0;
            }
            let expected = f64::from(speed) * seconds;
            assert!((steps as f64 - expected).abs() <= 2.0, "{steps} of {expected}");
        }
    }

    #[test]
    fn a_walk_that_was_held_up_does_not_run_off() {
        let mut playing = Playing::default();
        assert_eq!(playing.tick(0.0, 10.0), 0);
        assert_eq!(playing.tick(0.05, 10.0), 0);
        assert!((1..=6).contains(&playing.tick(1000.0, 10.0)));
        assert_eq!(playing.tick(1000.01, 10.0), 0);
    }
}
