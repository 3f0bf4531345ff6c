//! Where a table's columns stand.

/// Least and largest width that a column takes by itself, in points.
const AUTO: (f32, f32) = (56.0, 320.0);

/// Columns that are measured; the others take the usual width.
pub(super) const MEASURED: usize = 256;

/// Width of a column that was not measured.
const USUAL: f32 = 120.0;

/// Left edges of all columns, in points from the first one. Sums are `f64`: a table may have a million columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    edges: Vec<f64>,
}

impl Columns {
    /// `auto` are measured widths, `set` those that the user chose.
    pub(super) fn new(count: usize, auto: &[f32], set: &[Option<f32>]) -> Self {
        let mut edges = Vec::with_capacity(count + 1);
        let mut edge = 0.0;
        edges.push(edge);
        for column in 0..count {
            let chosen = set.get(column).copied().flatten().filter(|width| width.is_finite()).map(|width| width.max(24.0));
            let width = chosen.or_else(|| auto.get(column).map(|width| width.clamp(AUTO.0, AUTO.1))).unwrap_or(USUAL);
            edge += f64::from(width);
            edges.push(edge);
        }
        Self { edges }
    }

    pub(super) fn count(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The width of all columns.
    pub(super) fn total(&self) -> f64 {
        self.edges.last().copied().unwrap_or(0.0)
    }

    pub(super) fn width(&self, column: usize) -> f32 {
        (self.edges[column + 1] - self.edges[column]) as f32
    }

    /// The left edge of a column, in points from the left edge of a view that is scrolled by `x`.
    pub(super) fn left(&self, column: usize, x: f32) -> f32 {
        (self.edges[column] - f64::from(x)) as f32
    }

    /// The columns that are at least partly seen in `width` points from `x` on.
    pub(super) fn visible(&self, x: f32, width: f32) -> std::ops::Range<usize> {
        let count = self.count();
        let first = self.edges.partition_point(|&edge| edge <= f64::from(x)).saturating_sub(1).min(count);
        let last = self.edges.partition_point(|&edge| edge < f64::from(x) + f64::from(width)).min(count);
        first..last.max(first)
    }

    /// The column under a point `x` from the left edge of the first one.
    pub(super) fn at(&self, x: f64) -> Option<usize> {
        (x >= 0.0 && x < self.total()).then(|| self.edges.partition_point(|&edge| edge <= x) - 1)
    }

    /// The scroll that brings a column into a view of `width` points.
    pub(super) fn reveal(&self, column: usize, x: f32, width: f32) -> f32 {
        if column >= self.count() {
            return x;
        }
        let (left, right) = (self.edges[column], self.edges[column + 1]);
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
        let columns = Columns::new(4, &[10.0, 100.0, 9999.0], &[None, Some(200.0)]);
        assert_eq!((0..4).map(|i| columns.width(i)).collect::<Vec<_>>(), [56.0, 200.0, 320.0, 120.0]);
        assert_eq!((columns.total(), columns.left(2, 50.0)), (696.0, 206.0));
        assert_eq!(columns.visible(0.0, 57.0), 0..2);
        assert_eq!(columns.visible(56.0, 200.0), 1..2);
        assert_eq!(columns.visible(255.9, 1.0), 1..3);
        assert_eq!(columns.visible(9999.0, 10.0), 4..4);
        assert_eq!((columns.at(0.0), columns.at(56.0), columns.at(695.0), columns.at(696.0)), (Some(0), Some(1), Some(3), None));
        assert_eq!(
            (columns.reveal(3, 0.0, 300.0), columns.reveal(0, 100.0, 300.0), columns.reveal(1, 0.0, 300.0)),
            (396.0, 0.0, 0.0)
        );
        assert_eq!(Columns::new(0, &[], &[]).visible(0.0, 100.0), 0..0);
    }
}
