//! The order of rows, filters, the search and a column's statistics: what is wanted, and the jobs that make it.

use std::sync::Arc;

use crate::app::numbers::shorten;
use crate::app::table::{ColumnFacts, FACTS_POINTS, SearchKey, Span, StatisticsKey, TableLook, TableRef, TableRows, ViewKey};
use crate::app::{AppState, Effect, Job, JobId, PaneKind};
use crate::document::DocumentId;
use crate::explore::table::{By, CellType, Filter, Found, Place, RowOrder, SortKey, Test, cell_type};
use crate::formats::FormatError;
use crate::tasks::Latest;

/// Rows that are looked at to choose how a column is compared.
const SAMPLED: u64 = 300;

impl AppState {
    /// How the cells of a column are best compared: as numbers where those that are looked at are numbers, else as people
    /// sort names.
    pub(super) fn compared_by(&self, column: usize) -> By {
        let rows = self.active().and_then(|open| open.table()).map(|(table, _)| table.rows(0, SAMPLED as usize));
        let Some(Ok(rows)) = rows else { return By::Natural };
        let mut numbers = 0;
        for cell in rows.iter().filter_map(|row| row.cells.get(column)) {
            match cell_type(cell) {
                CellType::Integer | CellType::Decimal => numbers += 1,
                CellType::Empty => {}
                _ => return By::Natural,
            }
        }
        if numbers > 0 { By::Number } else { By::Natural }
    }

    pub(super) fn cycle_sort(&mut self, column: usize, add: bool) {
        let by = self.compared_by(column);
        self.arrange(|look| {
            let at = look.sort.iter().position(|key| key.column == column);
            let next = match at.map(|at| look.sort[at]) {
                None => Some(SortKey { column, by, descending: false }),
                Some(key) if !key.descending => Some(SortKey { descending: true, ..key }),
                Some(_) => None,
            };
            match (add, at, next) {
                (true, Some(at), Some(next)) => look.sort[at] = next,
                (true, Some(at), None) => {
                    look.sort.remove(at);
                }
                (true, None, next) => look.sort.extend(next),
                (false, _, next) => look.sort = next.into_iter().collect(),
            }
        });
    }

    /// Changes order or filters; the chosen cell stays the same one where it is still shown.
    pub(super) fn arrange(&mut self, change: impl FnOnce(&mut TableLook)) {
        let Some(open) = self.active_mut() else { return };
        let before = open.table_rows();
        open.view.table.edit = None;
        change(&mut open.view.table);
        open.table.failure = None;
        if let Some(before) = before {
            follow(open, &before);
        }
    }

    pub(super) fn filter(&mut self, change: impl FnOnce(&mut Vec<Filter>)) {
        self.arrange(|look| change(&mut look.conditions.filters));
    }

    pub(super) fn filter_by_cell(&mut self, negate: bool) {
        let Some(open) = self.active() else { return };
        let (Some((place, column)), Some(rows)) = (open.view.table_cell, open.table_rows()) else { return };
        let cell = rows.read(place..place + 1).ok().and_then(|mut rows| rows.pop());
        let text = cell.and_then(|(_, row)| row.cells.into_iter().nth(column)).unwrap_or_default();
        let test = if text.is_empty() { Test::Empty } else { Test::Equals(text) };
        self.filter(|filters| filters.push(Filter { column: Some(column), test, case: true, negate }));
    }

    /// Begins the work that the table in sight wants and that is not done yet.
    pub(in crate::app) fn refresh_table(&mut self, effects: &mut Vec<Effect>) {
        let shows = |pane| self.settings.panes.contains(&pane);
        let (table, facts) = (shows(PaneKind::Preview), shows(PaneKind::Column));
        self.stop_table_jobs(table, facts, effects);
        if !table {
            return;
        }
        self.refresh_view(effects);
        self.refresh_found(effects);
        if facts {
            self.refresh_statistics(effects);
        }
    }

    /// Nobody waits for the work of a closed document, of a pane that was hidden, and of what is not wanted any more.
    fn stop_table_jobs(&mut self, table: bool, facts: bool, effects: &mut Vec<Effect>) {
        let useless = |id: JobId, job: &Job| {
            let open = |document: &DocumentId| self.document(*document);
            match job {
                Job::ArrangeTable { document, .. } => open(document).is_none_or(|open| {
                    !table || !open.view.table.is_arranged() || open.table.view.running().is_none_or(|(job, _)| job != id)
                }),
                Job::SearchTable { document, .. } => {
                    open(document).is_none_or(|open| !table || open.table.found.running().is_none_or(|(job, _)| job != id))
                }
                Job::ColumnFacts { document, .. } => {
                    open(document).is_none_or(|open| !facts || open.table.statistics.running().is_none_or(|(job, _)| job != id))
                }
                _ => false,
            }
        };
        let running = self.jobs.iter().filter(|running| !running.cancelling);
        let stopped: Vec<_> = running.filter(|running| useless(running.id, &running.job)).map(|running| running.id).collect();
        for job in stopped {
            for open in &mut self.documents {
                open.table.stop(job);
            }
            self.cancel_job(job, effects);
        }
    }

    fn refresh_view(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some((table, _)) = open.table() else { return };
        let look = &open.view.table;
        if !look.is_arranged() || !table.is_complete() {
            return;
        }
        let key = ViewKey { table: TableRef(Arc::clone(table)), sort: look.sort.clone(), conditions: look.conditions.clone() };
        if !open.table.view.needs(&key) {
            return;
        }
        let document = open.document.id();
        if let Some((job, _)) = open.table.view.running() {
            self.cancel_job(job, effects);
        }
        let latest = Latest::new();
        let job = Job::ArrangeTable { document, key: key.clone(), latest: latest.clone() };
        let id = self.start(job, effects);
        if let Some(open) = self.active_mut() {
            open.table.view.begin(id, key, latest);
        }
    }

    /// Rows in an order are there; the error says why not.
    pub(in crate::app) fn table_arranged(&mut self, id: JobId, job: &Job, result: Result<Arc<RowOrder>, FormatError>) {
        let Job::ArrangeTable { document, .. } = job else { return };
        let Some(open) = self.document_mut(*document) else { return };
        let wanted = open.table.view.running().is_some_and(|(running, _)| running == id);
        let before = open.table_rows();
        let (order, failure) = match result {
            Ok(order) => (Some(order), None),
            Err(FormatError::Cancelled(_)) => (None, Some("It was stopped: these are the rows as they were".to_owned())),
            Err(error) => (None, Some(error.to_string())),
        };
        open.table.view.end(id, order);
        if wanted {
            open.table.failure = failure;
        }
        if let Some(before) = before {
            follow(open, &before);
        }
    }

    fn refresh_found(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some(rows) = open.table_rows() else { return };
        let search = &open.view.table.search;
        if !search.open || search.text.is_empty() || !rows.table().is_complete() {
            return;
        }
        let columns = &open.view.table.columns;
        let columns = if columns.hidden() == 0 { Vec::new() } else { columns.shown(rows.table().width()) };
        let key = SearchKey { rows, search: search.clone(), columns };
        if !open.table.found.needs(&key) {
            return;
        }
        let document = open.document.id();
        if let Some((job, _)) = open.table.found.running() {
            self.cancel_job(job, effects);
        }
        let latest = Latest::new();
        let id = self.start(Job::SearchTable { document, key: key.clone(), latest: latest.clone() }, effects);
        if let Some(open) = self.active_mut() {
            open.table.found.begin(id, key, latest);
        }
    }

    pub(in crate::app) fn table_searched(&mut self, id: JobId, job: &Job, result: Result<Arc<Found>, FormatError>) {
        let Job::SearchTable { document, .. } = job else { return };
        let Some(open) = self.document_mut(*document) else { return };
        open.table.found.end(id, result.ok());
    }

    /// Goes to the next or the previous cell that is found; a job looks for it.
    pub(super) fn search_table(&mut self, forward: bool, effects: &mut Vec<Effect>) {
        let seeking = self.jobs.iter().any(|running| matches!(running.job, Job::SeekInTable { .. }) && !running.cancelling);
        let Some(open) = self.active() else { return };
        let Some(rows) = open.table_rows() else { return };
        let search = open.view.table.search.clone();
        if search.text.is_empty() || seeking {
            return;
        }
        let columns = &open.view.table.columns;
        let columns = if columns.hidden() == 0 { Vec::new() } else { columns.shown(rows.table().width()) };
        let (document, from) = (open.document.id(), open.view.table_cell);
        let key = SearchKey { rows, search, columns };
        self.start(Job::SeekInTable { document, key, from, forward }, effects);
    }

    pub(in crate::app) fn found_in_table(&mut self, job: &Job, result: Result<Option<(u64, Place)>, FormatError>) {
        let Job::SeekInTable { document, key, .. } = job else { return };
        if self.active != Some(*document) || self.active().and_then(|open| open.table_rows()).as_ref() != Some(&key.rows) {
            return;
        }
        match result {
            Ok(Some((place, found))) => {
                if let Some(open) = self.active_mut() {
                    open.view.table.columns.show(found.column, true, key.rows.table().width());
                }
                self.choose_cell(place, found.column);
            }
            Ok(None) => self.info(format!("No cell holds “{}”", shorten(&key.search.text, 60))),
            Err(FormatError::Cancelled(_)) => {}
            Err(error) => self.error(error.to_string()),
        }
    }

    fn refresh_statistics(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.active() else { return };
        let Some(rows) = open.table_rows() else { return };
        let Some((_, column)) = open.view.table_cell else { return };
        if column >= rows.table().width() || !rows.table().is_complete() {
            return;
        }
        let key = StatisticsKey { rows, column };
        if !open.table.statistics.needs(&key) {
            return;
        }
        let document = open.document.id();
        if let Some((job, _)) = open.table.statistics.running() {
            self.cancel_job(job, effects);
        }
        let latest = Latest::new();
        let id =
            self.start(Job::ColumnFacts { document, key: key.clone(), points: FACTS_POINTS, latest: latest.clone() }, effects);
        if let Some(open) = self.active_mut() {
            open.table.statistics.begin(id, key, latest);
        }
    }

    pub(in crate::app) fn facts_known(&mut self, id: JobId, job: &Job, result: Result<Arc<ColumnFacts>, FormatError>) {
        let Job::ColumnFacts { document, .. } = job else { return };
        let Some(open) = self.document_mut(*document) else { return };
        open.table.statistics.end(id, result.ok());
    }

    /// What broke, or was stopped before it began, is not begun again by itself.
    pub(in crate::app) fn table_job_never_ended(&mut self, id: JobId, job: &Job) {
        let stopped = || FormatError::Cancelled(crate::tasks::Cancelled);
        match job {
            Job::ArrangeTable { .. } => self.table_arranged(id, job, Err(stopped())),
            Job::SearchTable { .. } => self.table_searched(id, job, Err(stopped())),
            Job::ColumnFacts { .. } => self.facts_known(id, job, Err(stopped())),
            Job::ChangeTable { document, .. } => {
                if let Some(open) = self.document_mut(*document) {
                    open.table.pending.clear();
                }
            }
            _ => {}
        }
    }
}

/// The rows are others, or in another order: the chosen cell stays the cell that it was, where it is still there.
fn follow(open: &mut crate::app::OpenDocument, before: &TableRows) {
    let Some(now) = open.table_rows() else { return };
    if now == *before {
        return;
    }
    open.view.table.anchor = None;
    open.view.table.span = Span::Cells;
    let Some((place, column)) = open.view.table_cell else { return };
    let place = before.number(place).and_then(|number| now.place(number));
    open.view.table_cell = place.map(|place| (place, column));
    match place {
        Some(place) => open.view.table_scroll.top_row = place.saturating_sub(crate::app::table::ABOVE),
        None => open.view.table_scroll = Default::default(),
    }
}
