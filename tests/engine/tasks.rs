//! The worker threads: order, cancel, panics, waking, and what dropping does.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use seektell::tasks::{Lane, TaskError, TaskId, Tasks};

/// Longer than any machine needs; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn quiet<T: Send + 'static>() -> Tasks<T> {
    Tasks::new(Arc::new(|| ()))
}

#[test]
fn files_are_written_one_after_the_other_in_the_order_asked() {
    let tasks = quiet();
    let order = Arc::new(Mutex::new(Vec::new()));
    let at_once = Arc::new(AtomicUsize::new(0));
    let ids: Vec<_> = (0..50)
        .map(|n| {
            let (order, at_once) = (Arc::clone(&order), Arc::clone(&at_once));
            tasks.spawn(Lane::File, format!("save {n}"), move |_| {
                assert_eq!(at_once.fetch_add(1, Ordering::SeqCst), 0, "two saves at once");
                order.lock().unwrap().push(n);
                std::thread::yield_now();
                at_once.fetch_sub(1, Ordering::SeqCst);
                n
            })
        })
        .collect();
    tasks.wait_idle();
    assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>());
    let finished = tasks.poll();
    assert_eq!(finished.iter().map(|f| f.id).collect::<Vec<_>>(), ids);
    assert!(finished.iter().enumerate().all(|(n, f)| f.result == Ok(n) && f.title == format!("save {n}")));
    assert!(tasks.poll().is_empty(), "a result is handed out once");
}

#[test]
fn lanes_do_not_wait_for_each_other() {
    let tasks = quiet();
    let (release, held) = sync_channel::<()>(0);
    let held = Arc::new(Mutex::new(held));
    for lane in [Lane::File, Lane::Background, Lane::Background] {
        let held = Arc::clone(&held);
        tasks.spawn(lane, "blocked", move |_| held.lock().unwrap().recv().is_ok());
    }
    let (done, seen) = sync_channel(1);
    tasks.spawn(Lane::Interactive, "look", move |_| done.send(()).is_ok());
    seen.recv_timeout(PATIENCE).expect("the interactive lane waited for the others");
    assert!(!tasks.is_idle());
    assert_eq!(tasks.running().iter().filter(|status| status.title == "blocked").count(), 3);
    for _ in 0..3 {
        release.send(()).unwrap();
    }
    tasks.wait_idle();
    assert_eq!(tasks.poll().len(), 4);
    assert!(tasks.is_idle() && tasks.running().is_empty());
}

#[test]
fn a_running_job_answers_a_cancel_within_50_ms() {
    let tasks = quiet();
    let mut fastest = PATIENCE;
    // The fastest of a few is what the pool can do; a single one may meet a busy machine.
    for _ in 0..10 {
        let (begun, started) = sync_channel(1);
        let id = tasks.spawn(Lane::Background, "endless", move |progress| {
            progress.set_total(100);
            progress.set_done(25);
            begun.send(()).unwrap();
            let since = Instant::now();
            while since.elapsed() < PATIENCE {
                if progress.check().is_err() {
                    return "stopped";
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            "never cancelled"
        });
        started.recv_timeout(PATIENCE).unwrap();
        let status = tasks.running().remove(0);
        assert_eq!((status.id, status.fraction, status.cancelling, status.started), (id, Some(0.25), false, true));
        let since = Instant::now();
        assert!(tasks.cancel(id));
        tasks.wait_idle();
        fastest = fastest.min(since.elapsed());
        assert_eq!(tasks.poll().remove(0).result, Ok("stopped"));
        assert!(!tasks.cancel(id), "it is over");
    }
    assert!(fastest < Duration::from_millis(50), "{fastest:?}");
}

#[test]
fn a_waiting_job_is_cancelled_without_running() {
    let tasks = quiet();
    let (release, held) = sync_channel::<()>(0);
    tasks.spawn(Lane::File, "first", move |_| held.recv().is_ok());
    let ran = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&ran);
    let second = tasks.spawn(Lane::File, "second", move |_| !flag.swap(true, Ordering::SeqCst));
    assert!(tasks.cancel(second));
    let over = tasks.poll().remove(0);
    assert_eq!((over.id, over.result), (second, Err(TaskError::Cancelled)));
    release.send(()).unwrap();
    tasks.wait_idle();
    assert!(!ran.load(Ordering::SeqCst));
}

#[test]
fn cancel_all_reaches_every_lane() {
    let tasks = quiet();
    for lane in [Lane::Interactive, Lane::Background, Lane::File, Lane::File] {
        tasks.spawn(lane, "endless", |progress| {
            while progress.check().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
        });
    }
    tasks.cancel_all();
    tasks.wait_idle();
    assert_eq!(tasks.poll().len(), 4);
}

#[test]
fn a_panic_is_an_error_and_the_thread_goes_on() {
    let tasks = quiet::<u8>();
    tasks.spawn(Lane::File, "bad", |_| panic!("row {} is rotten", 7));
    tasks.spawn(Lane::File, "worse", |_| std::panic::panic_any(7_u8));
    tasks.spawn(Lane::File, "good", |_| 7);
    tasks.wait_idle();
    let results: Vec<_> = tasks.poll().into_iter().map(|f| f.result).collect();
    assert_eq!(
        results,
        [Err(TaskError::Panicked("row 7 is rotten".to_owned())), Err(TaskError::Panicked("no reason given".to_owned())), Ok(7)]
    );
}

#[test]
fn threads_have_names() {
    let tasks = quiet();
    for lane in [Lane::Interactive, Lane::Background, Lane::File] {
        tasks.spawn(lane, "name", |_| std::thread::current().name().map(str::to_owned));
        tasks.wait_idle();
    }
    let names: Vec<_> = tasks.poll().into_iter().map(|f| f.result.unwrap().unwrap()).collect();
    assert_eq!(names, ["seektell-interactive-1", "seektell-background-1", "seektell-file-1"]);
}

#[test]
fn the_waker_is_called_for_every_end_and_seldom_for_progress() {
    let (wakes, calls) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&calls);
    let tasks = Tasks::new(Arc::new(move || {
        counter.fetch_add(1, Ordering::SeqCst);
    }));
    let seen = Arc::clone(&calls);
    let noted = Arc::clone(&wakes);
    let since = Instant::now();
    tasks.spawn(Lane::Background, "steps", move |progress| {
        progress.set_total(1_000_000);
        // Until progress alone woke somebody twice.
        while seen.load(Ordering::SeqCst) < 2 && since.elapsed() < PATIENCE {
            progress.advance(1);
            std::thread::sleep(Duration::from_millis(1));
        }
        noted.store(seen.load(Ordering::SeqCst), Ordering::SeqCst);
    });
    tasks.wait_idle();
    let for_progress = wakes.load(Ordering::SeqCst);
    let possible = since.elapsed().as_millis() as usize / 100;
    assert!(for_progress >= 2 && for_progress <= possible, "{for_progress} wakes, {possible} possible");
    let until = Instant::now() + PATIENCE;
    while calls.load(Ordering::SeqCst) == for_progress && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(1));
    }
    let after = calls.load(Ordering::SeqCst);
    assert!(after > for_progress, "nobody was woken for the end");
    std::thread::sleep(Duration::from_millis(150));
    let rest = calls.load(Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(250));
    assert_eq!(calls.load(Ordering::SeqCst), rest, "somebody is woken while nothing runs");
}

#[test]
fn dropping_finishes_the_saves_and_cancels_the_rest() {
    let tasks = quiet();
    let saved = Arc::new(AtomicUsize::new(0));
    let (begun, started) = sync_channel(1);
    let (over, stopped) = sync_channel(1);
    tasks.spawn(Lane::Background, "long", move |progress| {
        begun.send(()).unwrap();
        while progress.check().is_ok() {
            std::thread::sleep(Duration::from_millis(1));
        }
        over.send(()).unwrap();
    });
    started.recv_timeout(PATIENCE).unwrap();
    for _ in 0..10 {
        let saved = Arc::clone(&saved);
        tasks.spawn(Lane::File, "save", move |progress| {
            std::thread::sleep(Duration::from_millis(2));
            assert!(!progress.is_cancelled());
            saved.fetch_add(1, Ordering::SeqCst);
        });
    }
    drop(tasks);
    assert_eq!(saved.load(Ordering::SeqCst), 10);
    stopped.recv_timeout(PATIENCE).expect("the long job was not cancelled");
}

#[test]
fn the_queue_has_an_end_and_says_so() {
    let tasks = quiet();
    let (release, held) = sync_channel::<()>(0);
    let (begun, started) = sync_channel(1);
    tasks.spawn(Lane::File, "first", move |_| begun.send(()).is_ok() && held.recv().is_ok());
    started.recv_timeout(PATIENCE).unwrap();
    for _ in 0..Tasks::<bool>::QUEUE_LIMIT {
        tasks.spawn(Lane::File, "", |_| true);
    }
    let last = tasks.spawn(Lane::File, "one too many", |_| true);
    let over = tasks.poll().remove(0);
    assert_eq!((over.id, over.result), (last, Err(TaskError::QueueFull)));
    assert_eq!(last, TaskId(Tasks::<bool>::QUEUE_LIMIT as u64 + 2));
    release.send(()).unwrap();
    tasks.wait_idle();
    assert_eq!(tasks.poll().len(), Tasks::<bool>::QUEUE_LIMIT + 1);
}
