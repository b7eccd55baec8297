//! Signature Version 4, from the verifier's side: in the `Authorization` header or in the query of a presigned URL.
//!
//! Invariant: reading a [`Claim`] proves nothing; only [`Claim::verify`] with the key's secret does, and it covers the
//! method, path, query, signed headers, every `x-amz-` header, the payload and the time.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::time::SystemTime;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::{
    refusal::{Refusal, Service},
    request::Request,
};

/// How far a signature's time may be from ours.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(15);
/// The longest a presigned URL may live, in seconds: seven days.
const MAX_EXPIRES: u32 = 604_800;
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Who a request says has signed it, when and how.
pub(crate) struct Claim {
    pub(crate) access_key_id: String,
    /// The region of the credential scope.
    pub(crate) region: String,
    pub(crate) session_token: Option<String>,
    service: Service,
    at: Timestamp,
    /// As sent: `20261122T140107Z`.
    date: String,
    signed_headers: Vec<String>,
    signature: String,
    /// How long a presigned URL lives.
    expires: Option<SignedDuration>,
}

/// What was sent, before any of it is read.
struct Sent<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    date: &'a str,
    session_token: Option<&'a str>,
    expires: Option<SignedDuration>,
}

impl Claim {
    /// The service whose name is in the credential scope, before anything about it is checked.
    pub(crate) fn scope_of(request: &Request) -> Option<&str> {
        let credential = match request.header("authorization") {
            Some(authorization) => authorization.split_once("Credential=")?.1.split(',').next()?,
            None => request.parameter("X-Amz-Credential")?,
        };
        credential.trim().rsplit('/').nth(1)
    }

    /// Reads who signed; `None` for an anonymous request.
    pub(crate) fn read(request: &Request, service: Service) -> Result<Option<Self>, Refusal> {
        let sent = if let Some(authorization) = request.header("authorization") {
            in_header(request, authorization, service)?
        } else if request.parameter("X-Amz-Algorithm").is_some() {
            in_query(request, service)?
        } else {
            return Ok(None);
        };
        let [access_key_id, day, region, scope, "aws4_request"] = sent.credential.split('/').collect::<Vec<_>>()[..]
        else {
            return Err(malformed(
                service,
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
            ));
        };
        if scope != service.scope() {
            let expected = service.scope();
            return Err(malformed(
                service,
                &format!("incorrect service \"{scope}\". This endpoint belongs to \"{expected}\"."),
            ));
        }
        let at = DateTime::strptime(DATE_FORMAT, sent.date)
            .and_then(|date| date.to_zoned(TimeZone::UTC))
            .map_err(|_| malformed(service, "a valid X-Amz-Date or x-amz-date is required."))?
            .timestamp();
        if !sent.date.starts_with(day) || day.len() != 8 {
            return Err(malformed(service, "the date in the Credential is not the date of the signature."));
        }
        Ok(Some(Self {
            access_key_id: access_key_id.into(),
            region: region.into(),
            session_token: sent.session_token.map(Into::into),
            service,
            at,
            date: sent.date.into(),
            signed_headers: sent.signed_headers.split(';').map(Into::into).collect(),
            signature: sent.signature.into(),
            expires: sent.expires,
        }))
    }

    /// Checks time, payload and signature.
    pub(crate) fn verify(&self, request: &Request, secret: &str, now: Timestamp) -> Result<(), Refusal> {
        self.check_time(now)?;
        self.check_headers(request)?;
        let payload = self.check_payload(request)?;
        let canonical =
            self.canonical_request(request, &payload).ok_or_else(|| Refusal::wrong_signature(self.service))?;
        let (day, scope) = (&self.date[..8], self.service.scope());
        let to_sign = format!(
            "{ALGORITHM}\n{}\n{day}/{}/{scope}/aws4_request\n{}",
            self.date,
            self.region,
            hex::encode(Sha256::digest(canonical))
        );
        let key = generate_signing_key(secret, SystemTime::from(self.at), &self.region, scope);
        if calculate_signature(key, to_sign.as_bytes()) == self.signature {
            return Ok(());
        }
        Err(Refusal::wrong_signature(self.service))
    }

    fn canonical_request(&self, request: &Request, payload: &str) -> Option<String> {
        let headers: Option<String> = self.signed_headers.iter().map(|name| request.canonical_header(name)).collect();
        let (method, path, query) = (&request.method, request.canonical_path(), request.canonical_query());
        Some(format!("{method}\n{path}\n{query}\n{}\n{}\n{payload}", headers?, self.signed_headers.join(";")))
    }

    fn check_time(&self, now: Timestamp) -> Result<(), Refusal> {
        let age = now.duration_since(self.at);
        if age < -MAX_SKEW || (age > MAX_SKEW && self.expires.is_none()) {
            return Err(self.skewed(now));
        }
        match self.expires {
            Some(expires) if age > expires => {
                // Not `at + expires`, which need not be a time; this one is past.
                let end = now - (age - expires);
                Err(Refusal::forbidden("AccessDenied", "Request has expired")
                    .with("Expires", end.to_string())
                    .with("ServerTime", now.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn skewed(&self, now: Timestamp) -> Refusal {
        if self.service == Service::S3 {
            let message = "The difference between the request time and the current time is too large.";
            return Refusal::forbidden("RequestTimeTooSkewed", message)
                .with("RequestTime", self.date.as_str())
                .with("ServerTime", now.to_string())
                .with("MaxAllowedSkewMilliseconds", MAX_SKEW.as_millis().to_string());
        }
        let show = |time: Timestamp| time.strftime(DATE_FORMAT).to_string();
        let message = if self.at < now {
            let (limit, now) = (show(now - MAX_SKEW), show(now));
            format!("Signature expired: {} is now earlier than {limit} ({now} - 15 min.)", self.date)
        } else {
            let (limit, now) = (show(now + MAX_SKEW), show(now));
            format!("Signature not yet current: {} is still later than {limit} ({now} + 15 min.)", self.date)
        };
        Refusal::forbidden("SignatureDoesNotMatch", message)
    }

    /// The host and every `x-amz-` header must be signed: they change what is asked.
    fn check_headers(&self, request: &Request) -> Result<(), Refusal> {
        let amazon = request.headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        for name in amazon.chain(["host"]) {
            // In a presigned URL's request they may come unsigned where they do not matter; S3 refuses them as well.
            if !self.signed_headers.iter().any(|signed| signed == name) {
                let message = "There were headers present in the request which were not signed";
                return Err(Refusal::forbidden("AccessDenied", message).with("HeadersNotSigned", name));
            }
        }
        Ok(())
    }

    /// The payload as the signature covers it, after comparing it with the body.
    fn check_payload(&self, request: &Request) -> Result<String, Refusal> {
        let actual = || hex::encode(Sha256::digest(&request.body));
        if self.service != Service::S3 {
            return Ok(actual());
        }
        if self.expires.is_some() {
            return Ok(UNSIGNED.into());
        }
        let claimed = request.header("x-amz-content-sha256").ok_or_else(|| {
            Refusal::bad("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
        })?;
        if claimed.starts_with("STREAMING-") {
            return Err(Refusal::not_implemented(claimed));
        }
        if claimed != UNSIGNED && claimed != actual() {
            let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
            return Err(Refusal::bad("XAmzContentSHA256Mismatch", message));
        }
        Ok(claimed.into())
    }
}

fn in_header<'a>(request: &'a Request, authorization: &'a str, service: Service) -> Result<Sent<'a>, Refusal> {
    let fields = authorization
        .strip_prefix(ALGORITHM)
        .ok_or_else(|| malformed(service, "only AWS4-HMAC-SHA256 is supported."))?;
    let field = |name: &str| {
        let mut fields = fields.split(',').filter_map(|field| field.trim().split_once('='));
        let found = fields.find(|(key, _)| *key == name).map(|(_, value)| value);
        found.ok_or_else(|| malformed(service, &format!("Authorization header requires '{name}' parameter.")))
    };
    Ok(Sent {
        credential: field("Credential")?,
        signed_headers: field("SignedHeaders")?,
        signature: field("Signature")?,
        date: request.header("x-amz-date").unwrap_or_default(),
        session_token: request.header("x-amz-security-token"),
        expires: None,
    })
}

fn in_query(request: &Request, service: Service) -> Result<Sent<'_>, Refusal> {
    let parameter = |name: &str| {
        let message = || {
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                          X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
        };
        request.parameter(name).ok_or_else(|| Refusal::bad("AuthorizationQueryParametersError", message()))
    };
    if parameter("X-Amz-Algorithm")? != ALGORITHM {
        return Err(malformed(service, "only AWS4-HMAC-SHA256 is supported."));
    }
    let expires: Option<u32> = parameter("X-Amz-Expires")?.parse().ok();
    let expires = expires.filter(|seconds| (1..=MAX_EXPIRES).contains(seconds)).ok_or_else(|| {
        Refusal::bad("AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800 seconds")
    })?;
    Ok(Sent {
        credential: parameter("X-Amz-Credential")?,
        signed_headers: parameter("X-Amz-SignedHeaders")?,
        signature: parameter("X-Amz-Signature")?,
        date: parameter("X-Amz-Date")?,
        session_token: request.parameter("X-Amz-Security-Token"),
        expires: Some(SignedDuration::from_secs(expires.into())),
    })
}

fn malformed(service: Service, what: &str) -> Refusal {
    match service {
        Service::S3 => {
            Refusal::bad("AuthorizationHeaderMalformed", format!("The authorization header is malformed; {what}"))
        }
        Service::Sts | Service::Iam => {
            Refusal::bad("IncompleteSignature", format!("The signature is incomplete; {what}"))
        }
    }
}
