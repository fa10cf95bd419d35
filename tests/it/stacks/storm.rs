//! Thousands of requests in several tasks: good, bad, denied and given up, through every stack.

use std::{future::poll_fn, sync::Arc, task::Poll, time::Duration};

use tokio::{
    task::yield_now,
    time::{sleep, timeout},
};
use tower::{BoxError, Service, ServiceExt, load_shed::error::Overloaded};

use super::{App, Keys, Kind, app::stacks};

const TASKS: usize = 6;
const REQUESTS: usize = 250;

/// Which kind comes when, and how often it is polled before it is given up; most are not.
fn plan(task: usize, number: usize) -> (Kind, Option<usize>) {
    let dice = (task * 7919 + number * 104_729) % 97;
    let kind = match dice % 4 {
        0 => Kind::Refused,
        1 => Kind::Denied,
        _ => Kind::Passes,
    };
    (kind, dice.is_multiple_of(3).then_some(dice % 7))
}

fn is_shed(error: &BoxError) -> bool {
    let mut source = Some(&**error as &(dyn std::error::Error + 'static));
    while let Some(error) = source {
        if error.is::<Overloaded>() {
            return true;
        }
        source = error.source();
    }
    false
}

/// Asks through one service, as a connection does; what is given up before the call costs the service.
async fn ask(app: &mut App, keys: &Keys, kind: Kind, polls: Option<usize>) -> Option<Result<u16, BoxError>> {
    let request = keys.request(kind);
    let Some(polls) = polls else {
        let ready = app.ready().await;
        return Some(match ready {
            Ok(app) => app.call(request).await,
            Err(error) => Err(error),
        });
    };
    let mut future = Box::pin(app.clone().oneshot(request));
    for _ in 0..polls {
        let answer = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
        if let Poll::Ready(answer) = answer {
            return Some(answer);
        }
        yield_now().await;
    }
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_of_all_kinds_at_once_get_their_answers_and_leave_all_permits() {
    let (keys, mut answered) = (Arc::new(Keys::new()), 0);
    for stack in stacks(&keys, 2, Duration::from_micros(10)) {
        let tasks = (0..TASKS).map(|task| {
            let (keys, mut app, name) = (Arc::clone(&keys), stack.app.clone(), stack.name.clone());
            tokio::spawn(async move {
                let (mut shed, mut done) = (0, 0);
                for number in 0..REQUESTS {
                    let (kind, polls) = plan(task, number);
                    match ask(&mut app, &keys, kind, polls).await {
                        None => {}
                        Some(Ok(status)) => {
                            let expected = match kind {
                                Kind::Refused => 401,
                                Kind::Denied => 403,
                                _ => 200,
                            };
                            assert_eq!(status, expected, "{name}: {kind:?}");
                            done += 1;
                        }
                        Some(Err(error)) => {
                            assert!(is_shed(&error), "{name}: {kind:?}: {error:?}");
                            shed += 1;
                        }
                    }
                }
                (done, shed)
            })
        });
        let (mut done, mut shed) = (0, 0);
        for task in tasks.collect::<Vec<_>>() {
            let counts = timeout(Duration::from_secs(60), task).await;
            let counts = counts.unwrap_or_else(|_| panic!("{}: a task waits for ever", stack.name));
            let (more, less) = counts.expect("no task panics");
            (done, shed) = (done + more, shed + less);
        }
        assert!(
            done > 0 && (stack.sheds_load() || shed == 0),
            "{}: {done} answered, {shed} shed",
            stack.name
        );
        answered += done;

        // What was given up may still be in a queue.
        let mut answer = None;
        for _ in 0..5000 {
            let fresh =
                timeout(Duration::from_secs(60), stack.app.clone().oneshot(keys.request(Kind::Passes)));
            answer = fresh.await.ok();
            if matches!(answer, Some(Ok(_))) && stack.is_idle() {
                break;
            }
            sleep(Duration::from_millis(1)).await;
        }
        assert!(matches!(answer, Some(Ok(200))), "{}: {answer:?}", stack.name);
        assert!(stack.is_idle(), "{}: a permit is kept", stack.name);
    }
    println!("{answered} answers");
    assert!(answered > 10_000);
}
