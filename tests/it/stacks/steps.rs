//! A request that is given up after any number of steps leaves the stack as it was.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use http::Request;
use tokio::time::{sleep, timeout};
use tower::{BoxError, Service, ServiceExt};

use super::{App, Keys, Kind, Stack, app::stacks};

/// A request on its way, of which each step is one call of the stack.
enum Walk {
    Waiting(App, Box<Request<()>>),
    Called(Pin<Box<dyn Future<Output = Result<u16, BoxError>> + Send>>, App),
    Over(Result<u16, BoxError>, App),
}

impl Walk {
    fn step(self) -> Self {
        let context = &mut Context::from_waker(Waker::noop());
        match self {
            Self::Waiting(mut app, request) => match app.poll_ready(context) {
                Poll::Pending => Self::Waiting(app, request),
                Poll::Ready(Err(error)) => Self::Over(Err(error), app),
                Poll::Ready(Ok(())) => Self::Called(Box::pin(app.call(*request)), app),
            },
            Self::Called(mut future, app) => match future.as_mut().poll(context) {
                Poll::Pending => Self::Called(future, app),
                Poll::Ready(answer) => Self::Over(answer, app),
            },
            over @ Self::Over(..) => over,
        }
    }

    /// Gives up. A service that was called stays alive, as that of a connection does; one that only waited
    /// may hold a permit and goes.
    fn give_up(self, connections: &mut Vec<App>) -> Option<Result<u16, BoxError>> {
        match self {
            Self::Waiting(..) => None,
            Self::Called(future, app) => {
                drop(future);
                connections.push(app);
                None
            }
            Self::Over(answer, app) => {
                connections.push(app);
                Some(answer)
            }
        }
    }
}

/// Lets the workers of buffers run, and the paused clock.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

async fn walk(keys: &Keys, stack: &Stack, kind: Kind, steps: usize) -> Walk {
    let mut walk = Walk::Waiting(stack.app.clone(), Box::new(keys.request(kind)));
    for _ in 0..steps {
        walk = walk.step();
        settle().await;
    }
    walk
}

async fn assert_sound(keys: &Keys, stack: &Stack, place: &str) {
    let fresh = stack.app.clone().oneshot(keys.request(Kind::Passes));
    let answer = timeout(Duration::from_secs(60), fresh).await;
    assert!(matches!(answer, Ok(Ok(200))), "{place}: a fresh request after it: {answer:?}");
    settle().await;
    assert!(stack.is_idle(), "{place}: a permit is kept");
}

fn expected(kind: Kind) -> u16 {
    match kind {
        Kind::Refused => 401,
        Kind::Denied => 403,
        _ => 200,
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_given_up_at_any_step_leaves_nothing_behind() {
    let (keys, mut cuts) = (Keys::new(), 0);
    for stack in stacks(&keys, 1, Duration::from_millis(3)) {
        let mut connections = Vec::new();
        for kind in [Kind::Passes, Kind::Refused, Kind::Denied] {
            for steps in 0.. {
                assert!(steps < 100, "{}, {kind:?}: it is never over", stack.name);
                let answer = walk(&keys, &stack, kind, steps).await.give_up(&mut connections);
                let place = format!("{}, {kind:?} after {steps} steps", stack.name);
                assert_sound(&keys, &stack, &place).await;
                cuts += 1;
                if let Some(answer) = answer {
                    assert_eq!(answer.expect(&place), expected(kind), "{place}");
                    assert!(steps >= 2, "{place}");
                    break;
                }
            }
        }
    }
    println!("given up {cuts} times");
}

/// The one permit is taken, so that most places to give up are in a queue.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_given_up_in_a_queue_leaves_nothing_behind() {
    let (keys, mut cuts) = (Keys::new(), 0);
    for stack in stacks(&keys, 1, Duration::from_millis(3)) {
        let mut connections = Vec::new();
        for kind in [Kind::Passes, Kind::Refused, Kind::Denied] {
            for steps in 0..20 {
                for holder_goes_first in [true, false] {
                    let holder = walk(&keys, &stack, Kind::Hangs, 20).await;
                    assert_eq!(stack.permits.available_permits(), 0, "{}", stack.name);
                    let victim = walk(&keys, &stack, kind, steps).await;
                    let place = format!("{}, {kind:?} after {steps} steps in a queue", stack.name);
                    let mut both = [holder, victim];
                    if !holder_goes_first {
                        both.reverse();
                    }
                    for walk in both {
                        if let Some(Ok(status)) = walk.give_up(&mut connections) {
                            assert_eq!(status, expected(kind), "{place}");
                        }
                        settle().await;
                    }
                    if stack.sheds_load() {
                        // tower's load shedding goes on waiting for the permit that it did not wait for.
                        connections.clear();
                    }
                    assert_sound(&keys, &stack, &place).await;
                    cuts += 1;
                }
            }
        }
    }
    println!("given up {cuts} times");
}
