//! Where a table's columns stand.

/// Least and largest width that a column takes by itself, in points.
const AUTO: (f32, f32) = (56.0, 320.0);

/// Columns that are measured; the others take the usual width.
pub(super) const MEASURED: usize = 256;

/// Width of a column that was not measured.
const USUAL: f32 = 120.0;

/// Width that frozen columns leave for the others, in points.
const ROOM: f64 = 96.0;

/// The columns that are shown and their left edges, in points from the first one. Sums are `f64`: a table may have a million
/// columns. A *place* is a number among the shown columns; the first ones of them stay in sight.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The columns of the file.
    shown: Vec<usize>,
    edges: Vec<f64>,
    /// How many were asked to stay in sight, and how many do.
    wanted: usize,
    frozen: usize,
}

impl Columns {
    /// `auto` are measured widths, `set` those that the user chose, both of the columns of the file.
    pub(super) fn new(shown: Vec<usize>, frozen: usize, auto: &[f32], set: &[Option<f32>]) -> Self {
        let mut edges = Vec::with_capacity(shown.len() + 1);
        let mut edge = 0.0;
        edges.push(edge);
        for &column in &shown {
            let chosen = set.get(column).copied().flatten().filter(|width| width.is_finite()).map(|width| width.max(24.0));
            let width = chosen.or_else(|| auto.get(column).map(|width| width.clamp(AUTO.0, AUTO.1))).unwrap_or(USUAL);
            edge += f64::from(width);
            edges.push(edge);
        }
        let wanted = frozen.min(shown.len());
        Self { shown, edges, wanted, frozen: wanted }
    }

    /// Freezes as many of the columns that are to stay as leave room for others in a view of `width` points.
    pub(super) fn fit(&mut self, width: f32) {
        let most = self.edges.partition_point(|&edge| edge <= f64::from(width) - ROOM).saturating_sub(1);
        self.frozen =
            if self.wanted == self.count() && self.total() <= f64::from(width) { self.wanted } else { self.wanted.min(most) };
    }

    /// How many places there are.
    pub(super) fn count(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The column of the file at a place.
    pub(super) fn column(&self, place: usize) -> usize {
        self.shown[place]
    }

    /// The place of a column of the file.
    pub(super) fn place(&self, column: usize) -> Option<usize> {
        // Most often nothing was moved.
        if self.shown.get(column) == Some(&column) {
            return Some(column);
        }
        self.shown.iter().position(|&other| other == column)
    }

    /// The width of all columns.
    pub(super) fn total(&self) -> f64 {
        self.edges.last().copied().unwrap_or(0.0)
    }

    /// The width of those that stay in sight.
    pub(super) fn frozen_width(&self) -> f32 {
        self.edges.get(self.frozen).copied().unwrap_or(0.0) as f32
    }

    pub(super) fn is_frozen(&self, place: usize) -> bool {
        place < self.frozen
    }

    pub(super) fn width(&self, place: usize) -> f32 {
        (self.edges[place + 1] - self.edges[place]) as f32
    }

    /// The left edge of a place, in points from the left edge of a view that is scrolled by `x`.
    pub(super) fn left(&self, place: usize, x: f32) -> f32 {
        let x = if place < self.frozen { 0.0 } else { f64::from(x) };
        (self.edges[place] - x) as f32
    }

    /// The places that are at least partly seen in `width` points from `x` on; those that stay come last, to be painted over
    /// the others.
    pub(super) fn visible(&self, x: f32, width: f32) -> impl Iterator<Item = usize> + Clone + use<> {
        let count = self.count();
        let from = f64::from(x) + f64::from(self.frozen_width());
        let first = self.edges.partition_point(|&edge| edge <= from).saturating_sub(1).clamp(self.frozen.min(count), count);
        let last = self.edges.partition_point(|&edge| edge < f64::from(x) + f64::from(width)).min(count);
        (first..last.max(first)).chain(0..self.frozen)
    }

    /// The place under a point `at` from the left edge of a view that is scrolled by `x`.
    pub(super) fn at(&self, at: f32, x: f32) -> Option<usize> {
        let at = if at < self.frozen_width() { f64::from(at) } else { f64::from(at) + f64::from(x) };
        (at >= 0.0 && at < self.total()).then(|| self.edges.partition_point(|&edge| edge <= at) - 1)
    }

    /// The scroll that brings a place into a view of `width` points.
    pub(super) fn reveal(&self, place: usize, x: f32, width: f32) -> f32 {
        if place >= self.count() || place < self.frozen {
            return x;
        }
        let (left, right) = (self.edges[place] - f64::from(self.frozen_width()), self.edges[place + 1]);
        let x = f64::from(x);
        let x = if right > x + f64::from(width) { right - f64::from(width) } else { x };
        (if left < x { left } else { x }).max(0.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_side_by_side() {
        let columns = Columns::new((0..4).collect(), 0, &[10.0, 100.0, 9999.0], &[None, Some(200.0)]);
        let seen = |columns: &Columns, x, width| columns.visible(x, width).collect::<Vec<_>>();
        assert_eq!((0..4).map(|i| columns.width(i)).collect::<Vec<_>>(), [56.0, 200.0, 320.0, 120.0]);
        assert_eq!((columns.total(), columns.left(2, 50.0)), (696.0, 206.0));
        assert_eq!(seen(&columns, 0.0, 57.0), [0, 1]);
        assert_eq!(seen(&columns, 56.0, 200.0), [1]);
        assert_eq!(seen(&columns, 255.9, 1.0), [1, 2]);
        assert!(seen(&columns, 9999.0, 10.0).is_empty());
        assert_eq!(
            (columns.at(0.0, 0.0), columns.at(6.0, 50.0), columns.at(695.0, 0.0), columns.at(96.0, 600.0)),
            (Some(0), Some(1), Some(3), None)
        );
        assert_eq!(
            (columns.reveal(3, 0.0, 300.0), columns.reveal(0, 100.0, 300.0), columns.reveal(1, 0.0, 300.0)),
            (396.0, 0.0, 0.0)
        );
        assert!(seen(&Columns::new(Vec::new(), 0, &[], &[]), 0.0, 100.0).is_empty());
    }

    #[test]
    fn frozen_columns_stay() {
        let mut columns = Columns::new(vec![3, 0, 1, 2], 1, &[100.0; 4], &[]);
        columns.fit(300.0);
        let seen = |columns: &Columns, x, width| columns.visible(x, width).collect::<Vec<_>>();
        assert_eq!((columns.frozen_width(), columns.place(0), columns.column(0)), (100.0, Some(1), 3));
        assert_eq!((columns.left(0, 100.0), columns.left(2, 100.0)), (0.0, 100.0));
        assert_eq!(seen(&columns, 100.0, 300.0), [2, 3, 0]);
        assert_eq!((columns.at(50.0, 100.0), columns.at(150.0, 100.0)), (Some(0), Some(2)));
        assert_eq!(columns.reveal(1, 100.0, 300.0), 0.0);
        columns.fit(150.0);
        assert_eq!(columns.frozen_width(), 0.0, "what leaves no room for others scrolls");
    }
}
