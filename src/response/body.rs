//! One body type for both outcomes.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of a guarded service: the inner service's own, or a refusal's few bytes.
    ///
    /// It asks of the inner body only that its data can be made of [`Bytes`], so it fits axum's, hyper's and
    /// tonic's bodies without a box:
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http_body::Body;
    /// use jwtower::response::ResponseBody;
    ///
    /// fn is_a_body<B: Body>() {}
    /// is_a_body::<ResponseBody<axum::body::Body>>();
    /// ```
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = KindProjection]
    enum Kind<B> {
        Inner { #[pin] body: B },
        Refusal { bytes: Option<Bytes> },
    }
}

impl<B> ResponseBody<B> {
    pub(crate) fn inner(body: B) -> Self {
        Self { kind: Kind::Inner { body } }
    }

    pub(crate) fn refusal(bytes: Bytes) -> Self {
        Self { kind: Kind::Refusal { bytes: Some(bytes).filter(|bytes| !bytes.is_empty()) } }
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Data: From<Bytes>,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.project().kind.project() {
            KindProjection::Inner { body } => body.poll_frame(context),
            KindProjection::Refusal { bytes } => {
                Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes.into()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Inner { body } => body.is_end_stream(),
            Kind::Refusal { bytes } => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Inner { body } => body.size_hint(),
            Kind::Refusal { bytes } => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        pin::pin,
        task::{Poll, Waker},
    };

    use http::HeaderMap;

    use super::*;

    /// Two data frames, then trailers; the length is unknown.
    struct Inner(Vec<Frame<Bytes>>);

    impl Body for Inner {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop().map(Ok))
        }

        fn is_end_stream(&self) -> bool {
            self.0.is_empty()
        }
    }

    fn next(body: Pin<&mut ResponseBody<Inner>>) -> Option<Frame<Bytes>> {
        match body.poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => frame.map(|frame| frame.unwrap()),
            Poll::Pending => panic!("nothing here waits"),
        }
    }

    #[test]
    fn a_refusal_is_one_frame_of_known_length() {
        let mut body = pin!(ResponseBody::<Inner>::refusal(Bytes::from_static(b"no")));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(2), false));
        assert_eq!(next(body.as_mut()).unwrap().into_data().unwrap(), "no");
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(0), true));
        assert!(next(body.as_mut()).is_none());
    }

    #[test]
    fn an_empty_refusal_has_ended_before_it_is_polled() {
        let mut body = pin!(ResponseBody::<Inner>::refusal(Bytes::new()));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(0), true));
        assert!(next(body.as_mut()).is_none());
    }

    #[test]
    fn an_inner_body_passes_unchanged_with_its_trailers() {
        let frames = vec![
            Frame::trailers(HeaderMap::from_iter([(http::header::ETAG, "a".parse().unwrap())])),
            Frame::data(Bytes::from_static(b"b")),
            Frame::data(Bytes::from_static(b"a")),
        ];
        let mut body = pin!(ResponseBody::inner(Inner(frames)));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (None, false));
        assert_eq!(next(body.as_mut()).unwrap().into_data().unwrap(), "a");
        assert_eq!(next(body.as_mut()).unwrap().into_data().unwrap(), "b");
        assert_eq!(next(body.as_mut()).unwrap().into_trailers().unwrap()["etag"], "a");
        assert!(body.is_end_stream());
        assert!(next(body.as_mut()).is_none());
    }

    #[test]
    fn it_is_send_and_sync_where_the_inner_body_is() {
        fn check<T: Send + Sync + Unpin>() {}
        check::<ResponseBody<String>>();
    }
}
