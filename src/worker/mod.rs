//! Carries out effects against the services, and returns messages.
//!
//! Invariant: only the worker holds credentials. Every effect with a question gets exactly one message with the
//! question's number, unless it is abandoned: even if the service does not respond or our own code panics. Each view has
//! at most one page request in flight. Minting is never abandoned, because the credentials may already be issued.
//! Credentials leave the worker only for the clipboard, a shell or to be shown, each by an effect of its own.

mod arrange;
mod everything;
mod handle;
mod iam;
mod object;
mod rows;

use std::{
    collections::{HashMap, VecDeque},
    process::Command,
    sync::{Arc, atomic::Ordering},
};

use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

use self::{
    arrange::StopOnDrop,
    everything::ListingLink,
    handle::{Handle, SessionClients, catch_panic, forgotten_session},
    object::ObjectTasks,
};
use crate::{
    app::{Effect, Generation, Message, View},
    aws::Aws,
    decoder::DecoderProcess,
    domain::{
        console::ConsolePage,
        credentials::{RevealedCredentials, SecretString, SessionId},
        failure::Failure,
        listing::{ListRequest, Page},
        mint::{MfaCode, MintRequest},
        profile::SourceOptions,
        recent::Recent,
        session::Session,
    },
    handover::{self, Offer, child},
    lister::Plan,
    store::{LoggedMint, Store},
};

/// Runs effects on the runtime it was made in.
pub struct Worker {
    handle: Handle,
    listings: HashMap<View, AbortOnDropHandle<()>>,
    /// Where the listing of everything gets its session from.
    everything: Option<ListingLink>,
    roles: Option<AbortOnDropHandle<()>>,
    objects: ObjectTasks,
    arranging: StopOnDrop,
}

impl Worker {
    /// A worker that answers on `replies`.
    pub fn new(aws: Aws, replies: mpsc::Sender<Message>) -> Self {
        let doubts = replies.clone();
        let aws = aws.telling_doubts(move |doubt| {
            let doubts = doubts.clone();
            // The loop ends before its worker does; then nobody is left to tell.
            drop(tokio::spawn(async move { drop(doubts.send(Message::ClockDoubted(doubt)).await) }));
        });
        let (waits, mut changed) = watch::channel(vec![]);
        let aws = aws.telling_waits(move |now| drop(waits.send_replace(now.to_vec())));
        let waiting = replies.clone();
        // Ends with the last task that could still wait: all of them hold `aws`.
        drop(tokio::spawn(async move {
            while changed.changed().await.is_ok() {
                let waits = changed.borrow_and_update().clone();
                if waiting.send(Message::Waiting(waits)).await.is_err() {
                    return;
                }
            }
        }));
        let handle = Handle { aws, replies, held: Arc::default(), next_session: Arc::default(), store: None };
        Self {
            handle,
            listings: HashMap::new(),
            everything: None,
            roles: None,
            objects: ObjectTasks::default(),
            arranging: StopOnDrop::default(),
        }
    }

    /// The same, with a place for what outlives the program.
    #[must_use]
    pub fn remembering_in(mut self, store: Option<Store>) -> Self {
        self.handle.store = store;
        self
    }

    /// The same, with another decoder than this program started again: for tests, whose own program is none.
    #[must_use]
    pub fn decoding_with(mut self, decoder: DecoderProcess) -> Self {
        self.objects = self.objects.with_decoder(decoder);
        self
    }

    /// Starts the work of one effect. What concerns the terminal is not the worker's.
    pub fn run_effect(&mut self, effect: Effect) {
        let handle = self.handle.clone();
        match effect {
            Effect::LoadProfiles => drop(tokio::spawn(handle.load_profiles())),
            Effect::Mint { generation, source, request, code } => {
                drop(tokio::spawn(handle.mint_in_background(generation, source, request, code)));
            }
            Effect::IdentifySource { generation, source } => {
                drop(tokio::spawn(handle.identify_source(generation, source)));
            }
            Effect::List { view, generation, session, location, after, last } => {
                let request = ListRequest { location, delimited: true, after, last, max_keys: None };
                let asked = tokio::spawn(handle.list_page(generation, session, request));
                // Abandons the page that was being requested.
                self.cancel_listing(view);
                self.listings.insert(view, AbortOnDropHandle::new(asked));
            }
            // Replacing the sign stops what was being arranged.
            Effect::Arrange { generation, arranging } => self.arranging = handle.arrange(generation, arranging),
            Effect::ListEverything { generation, session, location, behind, most_memory } => {
                let plan = Plan { behind, most_memory, ..everything::browse_plan(location) };
                let (asked, link) = handle.list_everything(generation, session, plan);
                self.listings.insert(View::Browser, AbortOnDropHandle::new(tokio::spawn(asked)));
                self.everything = Some(link);
            }
            Effect::ResumeListing { session } => {
                if let Some(link) = &mut self.everything {
                    self.handle.resume_listing(link, session);
                }
            }
            Effect::CancelListing(view) => self.cancel_listing(view),
            Effect::Identify(session) => drop(tokio::spawn(handle.identify_session(session))),
            Effect::SignIn { session, page } => drop(tokio::spawn(handle.sign_in(session, page))),
            Effect::LoadRecents => drop(tokio::spawn(handle.with_store(|store| store.recents()))),
            Effect::Remember(recent) => drop(tokio::spawn(handle.with_store(|store| store.remember_recent(recent)))),
            Effect::Forget(session) => self.forget_session(session),
            Effect::ListRoles { generation, source } => {
                self.roles = Some(AbortOnDropHandle::new(tokio::spawn(handle.list_roles(generation, source))));
            }
            Effect::CancelRoles => self.roles = None,
            effect @ (Effect::Look { .. }
            | Effect::ReadDetails { .. }
            | Effect::ListVersions { .. }
            | Effect::StopLooking) => self.run_object_effect(effect),
            Effect::FindRole { source, role_arn } => drop(tokio::spawn(handle.find_role(source, role_arn))),
            Effect::FindMfaDevices { source } => drop(tokio::spawn(handle.find_mfa_devices(source))),
            Effect::FindUser { generation, source, name } => {
                drop(tokio::spawn(handle.find_user(generation, source, name)));
            }
            Effect::Copy(_)
            | Effect::HandOver { .. }
            | Effect::Reveal(_)
            | Effect::Shell(_)
            | Effect::Suspend
            | Effect::Redraw
            | Effect::StartDemo
            | Effect::Quit => {}
            effect => self.run_row_effect(effect),
        }
    }

    /// Starts what concerns the selected row, or a location as of a time.
    fn run_row_effect(&mut self, effect: Effect) {
        let handle = self.handle.clone();
        match effect {
            Effect::ListPast { generation, session, location, at, behind } => {
                let asked = tokio::spawn(handle.list_past(generation, session, (location, at), behind));
                // Abandons whatever was being listed.
                self.cancel_listing(View::Browser);
                self.listings.insert(View::Browser, AbortOnDropHandle::new(asked));
            }
            Effect::SignLink { session, request } => drop(tokio::spawn(handle.sign_link(session, request))),
            Effect::ProbeAccess { generation, session, target } => {
                drop(tokio::spawn(handle.probe_access(generation, session, target)));
            }
            _ => {}
        }
    }

    /// Starts what concerns one object.
    fn run_object_effect(&mut self, effect: Effect) {
        let handle = self.handle.clone();
        match effect {
            Effect::Look { generation, session, request } => self.objects.look(handle, generation, session, *request),
            Effect::ReadDetails { generation, session, address, calls } => {
                self.objects.read_details(handle, generation, session, address, calls);
            }
            Effect::ListVersions { generation, session, bucket, key } => {
                self.objects.list_versions(handle, generation, session, bucket, key);
            }
            _ => self.objects.stop(),
        }
    }

    fn cancel_listing(&mut self, view: View) {
        self.listings.remove(&view);
        if view == View::Browser {
            self.everything = None;
        }
    }

    /// Drops all that holds a session's credentials: they themselves, the clients that sign with them, and the
    /// connections whose buffers they went through.
    fn forget_session(&mut self, session: SessionId) {
        self.handle.lock_sessions().remove(&session);
        self.objects.forget_session(session);
        if self.everything.as_ref().is_some_and(|link| link.ends_with(session)) {
            self.cancel_listing(View::Browser);
        }
    }

    /// What is offered of a session, for the clipboard. A sign-in URL is given away once, and so is a link.
    ///
    /// # Errors
    /// Where the session is forgotten, or the form cannot hold its credentials.
    pub fn hand_over(&self, session: SessionId, offer: Offer) -> Result<SecretString, Failure> {
        let mut sessions = self.handle.lock_sessions();
        let found = sessions.get_mut(&session).and_then(|held| match offer {
            Offer::Credentials(form) => {
                Some(handover::export_text(form, &held.minted.credentials, held.child_services()))
            }
            Offer::SignInUrl => held.sign_in_url.take().map(Ok),
            Offer::Link(_) => held.links.pop_front().map(Ok),
        });
        found.unwrap_or_else(|| Err(forgotten_session("export", offer.name())))
    }

    /// The person's shell, with a session's credentials and no others in its environment.
    ///
    /// # Errors
    /// Where the session is forgotten.
    pub fn session_shell(&self, session: SessionId) -> Result<Command, Failure> {
        let sessions = self.handle.lock_sessions();
        let held = sessions.get(&session).ok_or_else(|| forgotten_session("start", "a shell"))?;
        let mut shell = child::preferred_shell();
        child::set_environment(&mut shell, &held.minted.credentials, held.child_services());
        Ok(shell)
    }

    /// A session's credentials for a look, if it is held.
    pub fn reveal_credentials(&self, session: SessionId) -> Option<RevealedCredentials> {
        self.handle.lock_sessions().get(&session).map(|held| RevealedCredentials::new(&held.minted.credentials))
    }
}

impl Handle {
    async fn load_profiles(self) {
        let outcome = catch_panic("read", "the config files", self.aws.profiles()).await;
        self.send_reply(Message::ProfilesLoaded(outcome)).await;
    }

    async fn identify_source(self, generation: Generation, options: SourceOptions) {
        let work = async { self.aws.source(&options).await?.get_caller().await };
        let outcome = catch_panic("check the identity of the profile", "", Box::pin(work)).await;
        self.send_reply(Message::SourceIdentified { generation, outcome }).await;
    }

    /// Files may be on a disk that does not answer: no thread of the runtime waits for them.
    async fn with_store(self, work: impl FnOnce(Store) -> Result<Vec<Recent>, Failure> + Send + 'static) {
        let Some(store) = self.store.clone() else { return };
        if let Ok(outcome) = tokio::task::spawn_blocking(move || work(store)).await {
            self.send_reply(Message::Remembered(outcome)).await;
        }
    }

    fn log_mint(&self, mint: Option<LoggedMint>) {
        if let (Some(store), Some(mint)) = (self.store.clone(), mint) {
            drop(tokio::task::spawn_blocking(move || {
                if let Err(failure) = store.log_mint(&mint) {
                    tracing::warn!(%failure, "a session was not logged");
                }
            }));
        }
    }

    async fn mint_in_background(
        self,
        generation: Generation,
        options: SourceOptions,
        request: MintRequest,
        code: Option<MfaCode>,
    ) {
        let what = request.mode().noun();
        let outcome = catch_panic("mint", what, self.mint_session(&options, request, code)).await;
        let minted = outcome.as_ref().ok().map(|session| session.id);
        self.send_reply(Message::Minted { generation, outcome }).await;
        if let Some(session) = minted {
            self.identify_session(session).await;
        }
    }

    /// Asks STS for the identity of a session, which also measures the service's clock. A dropped session has none.
    async fn identify_session(self, session: SessionId) {
        let Some(SessionClients { source, minted, .. }) = self.lock_sessions().get(&session).cloned() else { return };
        let outcome = catch_panic("check the identity of the session", "", source.session_identity(&minted)).await;
        if let (Ok(identity), Some(held)) = (&outcome, self.lock_sessions().get_mut(&session)) {
            held.account = Some(identity.account.clone());
        }
        self.send_reply(Message::Identified { session, outcome }).await;
    }

    /// Keeps the address of the web console for the clipboard. A session that is forgotten meanwhile has none.
    async fn sign_in(self, session: SessionId, page: ConsolePage) {
        let held = self.lock_sessions().get(&session).cloned();
        let work = async {
            let SessionClients { source, minted, .. } =
                held.ok_or_else(|| forgotten_session("sign in to", "the web console"))?;
            let identity = source.session_identity(&minted).await?;
            source.sign_in_url(&minted.credentials, &identity, &page).await
        };
        let outcome = catch_panic("sign in to", "the web console", Box::pin(work)).await.map(|url| {
            if let Some(held) = self.lock_sessions().get_mut(&session) {
                held.sign_in_url = Some(url);
            }
        });
        self.send_reply(Message::SignInUrlCame { session, outcome }).await;
    }

    /// Mints and keeps the credentials; what comes back is the session without them. It has connections of its own,
    /// which go with it.
    async fn mint_session(
        &self,
        options: &SourceOptions,
        request: MintRequest,
        code: Option<MfaCode>,
    ) -> Result<Session, Failure> {
        let source = self.aws.with_own_connections().source(options).await?;
        let minted = source.mint_session(&request, code.as_ref()).await?;
        self.log_mint(LoggedMint::from_request(source.profile(), &request, minted.issued, &minted.credentials));
        let account = source.account(&request, &minted.grant);
        let id = SessionId(self.next_session.fetch_add(1, Ordering::Relaxed));
        let session = Session {
            id,
            profile: source.profile().to_owned(),
            region: source.region().to_owned(),
            endpoint: source.endpoint().map(str::to_owned),
            sign_in_endpoint: source.sign_in_endpoint().map(str::to_owned),
            exposed: source.is_exposed(),
            request,
            key_id_end: minted.credentials.key_id_end(),
            temporary: minted.credentials.are_temporary(),
            lifetime: minted.lifetime,
            grant: minted.grant.clone(),
            identity: None,
        };
        let s3 = source.s3(&minted);
        let clients = SessionClients { source, minted, s3, account, sign_in_url: None, links: VecDeque::new() };
        self.lock_sessions().insert(id, clients);
        Ok(session)
    }

    async fn list_page(self, generation: Generation, session: SessionId, request: ListRequest) {
        let client = self.lock_sessions().get(&session).map(|held| held.s3.clone());
        let subject = request.location.in_words();
        let outcome = catch_panic("list", &subject, async {
            match client {
                Some(client) => client.list_page(&request).await,
                None => Err::<Page, Failure>(forgotten_session("list", &subject)),
            }
        })
        .await;
        self.send_reply(Message::PageArrived { generation, outcome }).await;
    }
}
