//! Who signed, is the session token theirs, is it alive.
//!
//! Invariant: nobody is a [`Caller`] whose signature was not verified.

use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::{
    caller::Caller,
    refusal::{Refusal, Service},
    request::Request,
    signature::Claim,
    state::Inner,
    wire::Wire,
};

/// A request whose signature holds.
pub(crate) struct Signed {
    pub(crate) caller: Caller,
    /// The region it was signed for.
    pub(crate) region: String,
}

impl Inner {
    /// Proves who sent a request; nobody has where it is not signed at all.
    pub(crate) fn authenticate(
        &self,
        request: &Request,
        service: Service,
        now: Timestamp,
    ) -> Result<Option<Signed>, Refusal> {
        let Some(claim) = Claim::read(request, service)? else { return Ok(None) };
        let caller = self.prove(&claim, request, service, now)?;
        if !self.world.regions.contains(&claim.region) {
            return Err(match service {
                Service::S3 => {
                    let (wrong, right) = (&claim.region, &self.world.region);
                    claim
                        .malformed(&format!("the region '{wrong}' is wrong; expecting '{right}'"))
                        .with("Region", right.as_str())
                }
                Service::Sts | Service::Iam => {
                    Refusal::forbidden("SignatureDoesNotMatch", "Credential should be scoped to a valid region.")
                }
            });
        }
        // What the global endpoint of STS mints is not valid in a Region that somebody opted into.
        if let Some(token) = claim.session_token.as_ref().filter(|_| service == Service::S3)
            && self.settings.opt_in_region.as_ref() == Some(&claim.region)
        {
            return Err(Refusal::wrong_token(service, token));
        }
        let caller = Caller { wire: Wire::of(request, &claim.region), ..caller };
        Ok(Some(Signed { caller, region: claim.region }))
    }

    fn prove(&self, claim: &Claim, request: &Request, service: Service, now: Timestamp) -> Result<Caller, Refusal> {
        let key = &claim.access_key_id;
        if let Some(user) = self.world.user_of_key(key) {
            if let Some(token) = &claim.session_token {
                return Err(Refusal::wrong_token(service, token));
            }
            claim.verify(request, &user.secret_access_key, now)?;
            return Ok(Caller::of_keys(user));
        }
        let issue = self.issued.find(key).ok_or_else(|| Refusal::unknown_key(service, key))?;
        // Without its session token a temporary key is no key at all.
        let token = claim.session_token.as_deref().ok_or_else(|| Refusal::unknown_key(service, key))?;
        if !issue.has_token(token) {
            return Err(Refusal::wrong_token(service, token));
        }
        claim.verify(request, issue.secret_access_key.expose_secret(), now)?;
        if now >= issue.expiration {
            return Err(Refusal::expired_token(service, token));
        }
        Ok(self.revocations.apply(issue.caller.clone()))
    }
}
