//! What went wrong in other hex editors, and a test of each that fails here if it goes wrong again.
//!
//! Twenty classes of failure, in the order in which they are written down; those in `failures` are the ones of this file, what
//! other files prove beside it is named with them. `the_list_names_tests_that_exist` reads this list.
//!
//! | what went wrong | what shows that it does not |
//! |---|---|
//! | Saving under another name onto the open file cut it | `window/failures/save_as.rs::onto_the_open_file_by_its_path_a_hard_link_and_a_symbolic_link`, `engine/files.rs::saving_onto_the_own_source_works_by_every_name` |
//! | Saving under another name changed the original, too | `window/failures/save_as.rs::leaves_the_file_that_was_open_as_it_was` |
//! | Edits were on the disk before they were saved | `window/failures/before_save.rs::edits_that_are_not_saved_touch_no_file_and_a_kill_leaves_nothing`, `engine/files/kills.rs::a_kill_leaves_old_or_new` |
//! | A save appended bytes up to a block | `window/failures/sizes.rs::a_save_has_the_size_of_the_document_to_the_byte`, `window/failures/sizes.rs::zeros_and_bytes_take_each_others_place_in_one_file`, `engine/files.rs::saves_new_files_and_over_old_ones` |
//! | A sparse address space became an endless file | `window/failures/sizes.rs::what_no_disk_holds_is_refused_before_the_first_byte`, `window/failures/sizes.rs::the_window_says_that_there_is_no_room_and_keeps_the_document`, `window/failures/sizes.rs::sparse_addresses_do_not_become_endless_files`, `window/failures/sizes.rs::the_terminal_refuses_what_no_disk_holds`, `conversion/formats.rs::addresses_make_gaps_and_squeezed_rows_within_limits` |
//! | A full disk or a refusal left an empty file | `window/failures/disk.rs::a_full_disk_leaves_the_old_file_whole`, `window/failures/disk.rs::a_read_only_disk_leaves_the_old_file_whole`, `window/failures/disk.rs::a_folder_that_takes_nothing_costs_no_file`, `engine/files/faults.rs::every_call_fails_once_for_a_replaced_file`, `engine/files/faults.rs::every_call_fails_for_good`, `engine/files.rs::whatever_ends_the_writing_leaves_the_old_file_alone` |
//! | A byte was written at another offset | `window/failures/edits.rs::a_file_is_what_the_model_is_after_every_save` |
//! | The question about unsaved changes was inverted or wordy | `window/failures/questions.rs::save_dont_save_and_cancel_do_what_they_say`, `window/failures/questions.rs::a_save_that_fails_closes_nothing`, `window/whole.rs::unsaved_changes_ask_and_all_three_answers_work`, `engine/app.rs::saving_before_closing_closes_only_after_the_save` |
//! | What came in replaced unsaved work | `window/failures/questions.rs::whatever_comes_in_leaves_unsaved_work_alone`, `window/failures/questions.rs::a_file_that_comes_twice_replaces_nothing_that_was_done_between`, `engine/file_under_us.rs::what_is_kept_is_not_asked_about_again_until_it_changes_again` |
//! | Offsets went wrong at 2^31, 2^32 or behind | `window/failures/far.rs::everything_works_at_the_edges_of_31_32_and_40_bits`, `engine/buffer.rs::documents_of_two_gigabytes_to_an_exbibyte_are_edited_at_their_edges`, `engine/search.rs::far_away_in_sparse_documents`, `window/views.rs::the_far_end_of_an_exbibyte_is_as_exact_as_the_start` |
//! | A file cut short by others ended the program | `window/failures/changed.rs::a_file_cut_short_ends_nothing`, `engine/files.rs::a_change_is_an_error_and_never_a_mixture` |
//! | Reading again showed old or mixed bytes | `window/failures/changed.rs::reading_again_gives_what_is_there_and_nothing_of_before`, `engine/file_under_us.rs::every_way_to_change_a_file_leaves_a_document_that_can_be_used` |
//! | Bytes were wrong at the edge of a page | `window/failures/search.rs::a_needle_across_any_edge_is_found_where_it_stands`, `window/failures/search.rs::bytes_read_and_written_across_any_edge_are_those_bytes`, `engine/search.rs::needles_straddle_every_edge_of_pieces_and_blocks`, `engine/files.rs::opens_every_size_around_a_block_and_reads_any_part` |
//! | A search missed matches and did not say so | `window/failures/search.rs::the_window_finds_all_that_a_naive_search_finds_and_says_how_many`, `engine/search.rs::like_a_naive_search_over_random_pieces`, `engine/search.rs::an_unreadable_file_keeps_what_was_found_before` |
//! | Stop did nothing, progress stood still | `window/failures/search.rs::stop_is_heard_by_everything_that_takes_long`, `engine/tasks.rs::a_running_job_answers_a_cancel_within_50_ms`, `window/panels.rs::a_job_is_cancelled_in_the_status_bar` |
//! | A list of results had no end | `window/failures/search.rs::a_byte_that_is_everywhere_is_counted_and_not_all_kept`, `engine/search.rs::the_cap_counts_the_rest`, `window/search.rs::a_huge_sparse_document_is_searched_without_waiting` |
//! | Everything selected and copied froze the window | `window/failures/copy.rs::three_megabytes_are_copied_as_text_at_once`, `window/failures/copy.rs::a_gigabyte_is_copied_without_a_byte_of_it`, `window/failures/copy.rs::the_window_goes_on_while_everything_is_selected_and_copied`, `window/huge_files.rs::fifty_gigabytes_are_copied_and_pasted_without_a_copy` |
//! | The smallest edits ended the program | `window/failures/keys.rs::random_keys_on_nothing_one_byte_and_one_character_break_nothing`, `window/failures/keys.rs::the_smallest_edits_at_the_edges_do_nothing_or_what_they_say`, `engine/app.rs::random_keys_never_break_and_can_all_be_undone` |
//! | Edits in a row spoiled the bytes | `window/failures/edits.rs::keys_in_a_row_do_what_the_model_does`, `engine/buffer.rs::random_edits_equal_a_vector_large`, `engine/timeline.rs::every_moment_is_as_it_was` |
//! | What nests deeply used up the stack | `window/failures/deep.rs::deep_json_is_refused_in_words`, `window/failures/deep.rs::deep_and_wide_containers_make_trees_of_bounded_size`, `window/failures/deep.rs::deep_expressions_are_refused_wherever_they_are_typed`, `window/failures/deep.rs::deep_statements_are_an_error_of_the_console`, `conversion/json.rs::depth_is_limited_in_words`, `console/dialect/bad_sources.rs::what_nests_too_deeply_is_refused_and_nothing_overflows`, `console/dialect/limits.rs::recursion_is_an_exception` |
#![allow(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod before_save;
mod changed;
mod copy;
mod deep;
mod disk;
mod edits;
mod far;
mod keys;
mod questions;
mod save_as;
mod search;
mod sizes;

use std::path::Path;

use crate::tester::App;
use seektell::app::Command;
use seektell::document::Operation;

/// Bytes without a pattern, the same each time.
fn noise(len: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; len];
    random.fill(&mut bytes);
    bytes
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// All bytes of the document in front.
fn content(app: &App) -> Vec<u8> {
    app.open().document.snapshot().to_vec_all().unwrap()
}

/// Two edits of the document in front: six bytes in its middle are written over, and eight are put in front.
fn edit(app: &mut App) {
    let middle = app.open().document.size() / 2;
    app.send(Command::Perform(Operation::Replace { start: middle, end: middle + 6, data: "middle".into() }));
    app.send(Command::Perform(Operation::Insert { at: 0, data: "in front".into() }));
}

#[test]
fn the_list_names_tests_that_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let list = std::fs::read_to_string(folder.join("window/failures.rs")).unwrap();
    let rows: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("//! | ")).skip(1).collect();
    assert_eq!(rows.len(), 20, "one row for each class");
    for row in rows {
        let (class, proofs) = row.split_once(" | ").unwrap();
        let proofs: Vec<&str> = proofs.split('`').skip(1).step_by(2).collect();
        assert!(proofs.iter().any(|proof| proof.starts_with("window/failures/")), "{class}: nothing here");
        for proof in proofs {
            let (file, test) = proof.split_once("::").unwrap();
            let source = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{class}: {file}: {error}"));
            let at = source.find(&format!("fn {test}()")).unwrap_or_else(|| panic!("{class}: there is no {proof}"));
            assert!(source[..at].trim_end().ends_with("#[test]"), "{class}: {proof} is no test");
        }
    }
}
