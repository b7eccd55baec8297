//! Who signed, is the session token theirs, is it alive.
//!
//! Invariant: there is no [`Principal`] without a verified signature.

use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::{
    error_response::{ErrorResponse, SandboxService},
    principal::Principal,
    request::Request,
    signature::ClaimedSignature,
    state::Inner,
    wire::RequestFacts,
};

/// A request whose signature holds.
pub(crate) struct Signed {
    pub(crate) caller: Principal,
    /// The region it was signed for.
    pub(crate) region: String,
}

impl Inner {
    /// Verifies who sent a request; `None` if it is not signed at all.
    pub(crate) fn authenticate(
        &self,
        request: &Request,
        service: SandboxService,
        now: Timestamp,
    ) -> Result<Option<Signed>, ErrorResponse> {
        let Some(claim) = ClaimedSignature::from_request(request, service)? else { return Ok(None) };
        let caller = self.verify_claim(&claim, request, service, now)?;
        if !self.world.regions.contains(&claim.region) {
            return Err(match service {
                SandboxService::S3 => {
                    let (wrong, right) = (&claim.region, &self.world.region);
                    claim
                        .malformed_error(&format!("the region '{wrong}' is wrong; expecting '{right}'"))
                        .with_detail("Region", right.as_str())
                }
                SandboxService::Sts | SandboxService::Iam => {
                    ErrorResponse::forbidden("SignatureDoesNotMatch", "Credential should be scoped to a valid region.")
                }
            });
        }
        // What the global endpoint of STS mints is not valid in a Region that somebody opted into.
        if let Some(token) = claim.session_token.as_ref().filter(|_| service == SandboxService::S3)
            && self.settings.opt_in_region.as_ref() == Some(&claim.region)
        {
            return Err(ErrorResponse::wrong_token(service, token));
        }
        let caller = Principal { wire: RequestFacts::from_request(request, &claim.region), ..caller };
        Ok(Some(Signed { caller, region: claim.region }))
    }

    fn verify_claim(
        &self,
        claim: &ClaimedSignature,
        request: &Request,
        service: SandboxService,
        now: Timestamp,
    ) -> Result<Principal, ErrorResponse> {
        let key = &claim.access_key_id;
        if let Some(user) = self.world.user_of_key(key) {
            if let Some(token) = &claim.session_token {
                return Err(ErrorResponse::wrong_token(service, token));
            }
            claim.verify(request, &user.secret_access_key, now)?;
            return Ok(Principal::of_keys(user));
        }
        let issue = self.issued.find_by_key(key).ok_or_else(|| ErrorResponse::unknown_key(service, key))?;
        // Without its session token a temporary key is no key at all.
        let token = claim.session_token.as_deref().ok_or_else(|| ErrorResponse::unknown_key(service, key))?;
        if !issue.has_token(token) {
            return Err(ErrorResponse::wrong_token(service, token));
        }
        claim.verify(request, issue.secret_access_key.expose_secret(), now)?;
        if now >= issue.expiration {
            return Err(ErrorResponse::expired_token(service, token));
        }
        Ok(self.revocations.apply_to(issue.caller.clone()))
    }
}
