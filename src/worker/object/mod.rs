//! Looks at objects: reads ranges, has them decoded, asks for details and versions.
//!
//! Invariant: one look, one reading of details and one listing of versions are under way at most; a new one abandons the one
//! before. No content is parsed here: that is done by a child process. What a look may read is bounded by its request,
//! whatever the service or the decoder says.

mod content;
mod details;
mod look;
mod ranges;
mod versions;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_util::task::AbortOnDropHandle;

use self::content::KeptContents;
use super::handle::Handle;
use crate::{
    app::{DetailCall, Generation, LookRequest},
    decoder::DecoderProcess,
    domain::{credentials::SessionId, object::ObjectAddress},
};

/// What is under way about an object, and what was read before.
#[derive(Default)]
pub(super) struct ObjectTasks {
    look: Option<ObjectTask>,
    details: Option<ObjectTask>,
    versions: Option<ObjectTask>,
    contents: SharedContents,
    decoder: Option<DecoderProcess>,
}

/// Something under way, which is stopped when this is dropped.
struct ObjectTask {
    /// With whose credentials.
    session: SessionId,
    _running: AbortOnDropHandle<()>,
}

impl ObjectTask {
    fn start(session: SessionId, work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { session, _running: AbortOnDropHandle::new(tokio::spawn(work)) }
    }
}

/// The contents that were read, which outlive the look that read them.
#[derive(Clone, Default)]
struct SharedContents(Arc<Mutex<KeptContents>>);

impl SharedContents {
    fn lock(&self) -> MutexGuard<'_, KeptContents> {
        // Each operation leaves the contents whole, so a panic elsewhere leaves nothing half done in them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ObjectTasks {
    /// The same with another decoder than this program started again.
    pub(super) fn with_decoder(self, decoder: DecoderProcess) -> Self {
        Self { decoder: Some(decoder), ..self }
    }

    pub(super) fn look(&mut self, handle: Handle, generation: Generation, session: SessionId, request: LookRequest) {
        let contents = self.contents.clone();
        let decoder = self.decoder.clone().map_or_else(DecoderProcess::of_this_program, io::Result::Ok);
        // The look before is abandoned first: two are never under way at once.
        self.look = None;
        let looking = handle.look(generation, session, request, contents, decoder);
        self.look = Some(ObjectTask::start(session, looking));
    }

    pub(super) fn read_details(
        &mut self,
        handle: Handle,
        generation: Generation,
        session: SessionId,
        address: ObjectAddress,
        calls: Vec<DetailCall>,
    ) {
        self.details = None;
        let reading = handle.read_details(generation, session, address, calls);
        self.details = Some(ObjectTask::start(session, reading));
    }

    pub(super) fn list_versions(
        &mut self,
        handle: Handle,
        generation: Generation,
        session: SessionId,
        bucket: String,
        key: String,
    ) {
        self.versions = None;
        let listing = handle.list_versions(generation, session, bucket, key);
        self.versions = Some(ObjectTask::start(session, listing));
    }

    /// Abandons whatever is under way.
    pub(super) fn stop(&mut self) {
        (self.look, self.details, self.versions) = (None, None, None);
    }

    /// What was read with a session goes with it, and so does what is being read: that holds its credentials.
    pub(super) fn forget_session(&mut self, session: SessionId) {
        for task in [&mut self.look, &mut self.details, &mut self.versions] {
            task.take_if(|task| task.session == session);
        }
        self.contents.lock().forget_session(session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_forgotten_session_is_reading_is_stopped_and_nothing_else() {
        let mut tasks = ObjectTasks::default();
        let credentials = [Arc::new(()), Arc::new(()), Arc::new(())];
        let pending = |session: u64, held: &Arc<()>| {
            let held = Arc::clone(held);
            Some(ObjectTask::start(SessionId(session), async move {
                std::future::pending::<()>().await;
                drop(held);
            }))
        };
        tasks.look = pending(1, &credentials[0]);
        tasks.details = pending(2, &credentials[1]);
        tasks.versions = pending(1, &credentials[2]);
        tasks.forget_session(SessionId(1));
        while credentials.iter().map(Arc::strong_count).sum::<usize>() > 4 {
            tokio::task::yield_now().await;
        }
        assert_eq!(credentials.each_ref().map(Arc::strong_count), [1, 2, 1]);
        assert!(tasks.look.is_none() && tasks.details.is_some() && tasks.versions.is_none());
    }
}
