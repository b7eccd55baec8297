//! Signature Version 4, from the verifier's side: in the `Authorization` header or in the query of a presigned URL.
//!
//! Invariant: reading a [`ClaimedSignature`] proves nothing; only [`ClaimedSignature::verify`] with the key's secret does, and it covers the
//! method, path, query, signed headers, every `x-amz-` header, the payload and the time.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::time::SystemTime;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use http::{Method, header};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::{
    error_response::{ErrorResponse, SandboxService},
    request::Request,
};

/// How far a signature's time may be from ours.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(15);
/// The longest a presigned URL may live, in seconds: seven days.
const MAX_EXPIRES: i64 = 604_800;
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// What stands for the payload of a body that is sent as `aws-chunked`.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>
const STREAMED: [&str; 3] = [
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];
const ONLY_VERSION_4: &str = "only AWS4-HMAC-SHA256 is supported.";
/// Another way of AWS's to sign.
const ASYMMETRIC: &str = "AWS4-ECDSA-P256-SHA256";

/// Who a request says has signed it, when and how.
pub(crate) struct ClaimedSignature {
    pub(crate) access_key_id: String,
    /// The region of the credential scope.
    pub(crate) region: String,
    pub(crate) session_token: Option<String>,
    service: SandboxService,
    at: Timestamp,
    /// As sent: `20261122T140107Z`.
    date: String,
    signed_headers: Vec<String>,
    signature: String,
    /// How long a presigned URL lives.
    expires: Option<SignedDuration>,
}

/// What was sent, before any of it is read.
struct SignatureFields<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    date: &'a str,
    session_token: Option<&'a str>,
    expires: Option<SignedDuration>,
}

impl ClaimedSignature {
    /// The service whose name is in the credential scope, before anything about it is checked.
    pub(crate) fn scope_of(request: &Request) -> Option<&str> {
        let credential = match request.header("authorization") {
            Some(authorization) => authorization.split_once("Credential=")?.1.split(',').next()?,
            None => request.parameter("X-Amz-Credential")?,
        };
        credential.trim().rsplit('/').nth(1)
    }

    /// Reads who signed; `None` for an anonymous request.
    pub(crate) fn from_request(request: &Request, service: SandboxService) -> Result<Option<Self>, ErrorResponse> {
        let Some(sent) = SignatureFields::from_request(request, service)? else { return Ok(None) };
        let [access_key_id, day, region, scope, "aws4_request"] = sent.credential.split('/').collect::<Vec<_>>()[..]
        else {
            return Err(sent.malformed_error(
                service,
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
            ));
        };
        if scope != service.scope() {
            let expected = service.scope();
            return Err(sent.malformed_error(
                service,
                &format!("incorrect service \"{scope}\". This endpoint belongs to \"{expected}\"."),
            ));
        }
        let at = DateTime::strptime(DATE_FORMAT, sent.date)
            .and_then(|date| date.to_zoned(TimeZone::UTC))
            .map_err(|_| sent.malformed_error(service, "a valid X-Amz-Date or x-amz-date is required."))?
            .timestamp();
        if !sent.date.starts_with(day) || day.len() != 8 {
            return Err(sent.malformed_error(service, "the date in the Credential is not the date of the signature."));
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

    /// The refusal of a claim in which something is wrong.
    pub(crate) fn malformed_error(&self, what: &str) -> ErrorResponse {
        malformed_signature(self.service, self.expires.is_some(), what)
    }

    /// Checks time, payload and signature.
    pub(crate) fn verify(&self, request: &Request, secret: &str, now: Timestamp) -> Result<(), ErrorResponse> {
        self.check_time(now)?;
        self.check_headers(request)?;
        let payload = self.check_payload(request)?;
        let canonical =
            self.canonical_request(request, &payload).ok_or_else(|| ErrorResponse::wrong_signature(self.service))?;
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
        Err(ErrorResponse::wrong_signature(self.service))
    }

    fn canonical_request(&self, request: &Request, payload: &str) -> Option<String> {
        let headers: Option<String> = self.signed_headers.iter().map(|name| request.canonical_header(name)).collect();
        let (method, path, query) = (&request.method, request.canonical_path(), request.canonical_query());
        Some(format!("{method}\n{path}\n{query}\n{}\n{}\n{payload}", headers?, self.signed_headers.join(";")))
    }

    fn check_time(&self, now: Timestamp) -> Result<(), ErrorResponse> {
        let age = now.duration_since(self.at);
        if age < -MAX_SKEW || (age > MAX_SKEW && self.expires.is_none()) {
            return Err(self.time_skewed_error(now));
        }
        match self.expires {
            Some(expires) if age > expires => {
                // Not `at + expires`, which need not be a time; this one is past.
                let end = now - (age - expires);
                Err(ErrorResponse::forbidden("AccessDenied", "Request has expired")
                    .with_detail("X-Amz-Expires", expires.as_secs().to_string())
                    .with_detail("Expires", format!("{end:.0}"))
                    .with_detail("ServerTime", format!("{now:.0}")))
            }
            _ => Ok(()),
        }
    }

    fn time_skewed_error(&self, now: Timestamp) -> ErrorResponse {
        if self.service == SandboxService::S3 {
            let message = "The difference between the request time and the current time is too large.";
            return ErrorResponse::forbidden("RequestTimeTooSkewed", message)
                .with_detail("RequestTime", self.date.as_str())
                .with_detail("ServerTime", now.to_string())
                .with_detail("MaxAllowedSkewMilliseconds", MAX_SKEW.as_millis().to_string());
        }
        let show = |time: Timestamp| time.strftime(DATE_FORMAT).to_string();
        let message = if self.at < now {
            let (limit, now) = (show(now - MAX_SKEW), show(now));
            format!("Signature expired: {} is now earlier than {limit} ({now} - 15 min.)", self.date)
        } else {
            let (limit, now) = (show(now + MAX_SKEW), show(now));
            format!("Signature not yet current: {} is still later than {limit} ({now} + 15 min.)", self.date)
        };
        ErrorResponse::forbidden("SignatureDoesNotMatch", message)
    }

    /// The host and every `x-amz-` header must be signed: they change the request.
    fn check_headers(&self, request: &Request) -> Result<(), ErrorResponse> {
        let amazon = request.headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        for name in amazon.chain(["host"]) {
            // In a presigned URL's request they may come unsigned where they do not matter; S3 refuses them as well.
            if !self.signed_headers.iter().any(|signed| signed == name) {
                let message = "There were headers present in the request which were not signed";
                return Err(ErrorResponse::forbidden("AccessDenied", message).with_detail("HeadersNotSigned", name));
            }
        }
        Ok(())
    }

    /// The payload as the signature covers it, after comparing it with the body.
    fn check_payload(&self, request: &Request) -> Result<String, ErrorResponse> {
        let actual = || hex::encode(Sha256::digest(&request.body));
        if self.service != SandboxService::S3 {
            return Ok(actual());
        }
        if self.expires.is_some() {
            return Ok(UNSIGNED.into());
        }
        let claimed = request.header("x-amz-content-sha256").ok_or_else(|| {
            ErrorResponse::bad_request(
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256",
            )
        })?;
        // A body that comes in signed chunks is an upload, to which nothing but its denial is answered: what its headers
        // were signed with is proof enough of who sends it.
        let is_upload = STREAMED.contains(&claimed) && request.method == Method::PUT;
        if claimed.starts_with("STREAMING-") && !is_upload {
            return Err(ErrorResponse::not_implemented(claimed));
        }
        if claimed != UNSIGNED && !is_upload && claimed != actual() {
            let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
            return Err(ErrorResponse::bad_request("XAmzContentSHA256Mismatch", message));
        }
        Ok(claimed.into())
    }
}

impl<'a> SignatureFields<'a> {
    /// What was sent of a signature; `None` for an anonymous request.
    fn from_request(request: &'a Request, service: SandboxService) -> Result<Option<Self>, ErrorResponse> {
        let authorization = request.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
        let is_presigned = request.parameter("X-Amz-Algorithm").is_some();
        // `Expires` and `Signature` go with it; without them AWS refuses in the same words.
        let is_version_2 = request.parameter("AWSAccessKeyId").is_some() && service == SandboxService::S3;
        match authorization {
            Some(authorization) if is_presigned || is_version_2 => Err(two_signatures(authorization)),
            Some(authorization) => Self::in_header(request, authorization, service).map(Some),
            None if is_presigned => Self::in_query(request, service).map(Some),
            None if is_version_2 => Err(version_2()),
            None => Ok(None),
        }
    }

    fn in_header(request: &'a Request, authorization: &'a str, service: SandboxService) -> Result<Self, ErrorResponse> {
        let fields = authorization.strip_prefix(ALGORITHM).ok_or_else(|| unknown_scheme(authorization, service))?;
        let field = |name: &str| {
            let mut fields = fields.split(',').filter_map(|field| field.trim().split_once('='));
            let found = fields.find(|(key, _)| *key == name).map(|(_, value)| value);
            let message = || format!("Authorization header requires '{name}' parameter.");
            found.ok_or_else(|| malformed_signature(service, false, &message()))
        };
        Ok(SignatureFields {
            credential: field("Credential")?,
            signed_headers: field("SignedHeaders")?,
            signature: field("Signature")?,
            date: request.header("x-amz-date").unwrap_or_default(),
            session_token: request.header("x-amz-security-token"),
            expires: None,
        })
    }

    fn in_query(request: &'a Request, service: SandboxService) -> Result<Self, ErrorResponse> {
        let refused = |message: &str| ErrorResponse::bad_request("AuthorizationQueryParametersError", message);
        let parameter = |name: &str| {
            let message = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                           X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
            request.parameter(name).ok_or_else(|| refused(message))
        };
        match (parameter("X-Amz-Algorithm")?, service) {
            (ALGORITHM, _) => {}
            (ASYMMETRIC, SandboxService::S3) => return Err(ErrorResponse::not_implemented(ASYMMETRIC)),
            (_, SandboxService::S3) => {
                return Err(refused("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""));
            }
            (_, SandboxService::Sts | SandboxService::Iam) => {
                return Err(malformed_signature(service, true, ONLY_VERSION_4));
            }
        }
        let expires = parse_expires(parameter("X-Amz-Expires")?).map_err(refused)?;
        Ok(SignatureFields {
            credential: parameter("X-Amz-Credential")?,
            signed_headers: parameter("X-Amz-SignedHeaders")?,
            signature: parameter("X-Amz-Signature")?,
            date: parameter("X-Amz-Date")?,
            session_token: request.parameter("X-Amz-Security-Token"),
            expires: Some(expires),
        })
    }

    fn malformed_error(&self, service: SandboxService, what: &str) -> ErrorResponse {
        malformed_signature(service, self.expires.is_some(), what)
    }
}

/// How long a presigned URL is to live, or what S3 says of a time that it does not take.
fn parse_expires(text: &str) -> Result<SignedDuration, &'static str> {
    match text.parse::<i64>() {
        Ok(seconds @ 1..=MAX_EXPIRES) => Ok(SignedDuration::from_secs(seconds)),
        Ok(0) => Err("X-Amz-Expires must be at least 1 second"),
        Ok(..0) => Err("X-Amz-Expires must be non-negative"),
        Ok(_) => {
            Err("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
                      than 604800 seconds")
        }
        Err(_) => Err("X-Amz-Expires should be a number"),
    }
}

/// Something is wrong with what a header, or the query of a presigned URL, says of who signed.
fn malformed_signature(service: SandboxService, is_presigned: bool, what: &str) -> ErrorResponse {
    let (code, place) = match (service, is_presigned) {
        (SandboxService::S3, false) => ("AuthorizationHeaderMalformed", "The authorization header is malformed"),
        (SandboxService::S3, true) => {
            ("AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter")
        }
        (SandboxService::Sts | SandboxService::Iam, _) => ("IncompleteSignature", "The signature is incomplete"),
    };
    ErrorResponse::bad_request(code, format!("{place}; {what}"))
}

/// A header that does not begin as this version's does.
fn unknown_scheme(authorization: &str, service: SandboxService) -> ErrorResponse {
    let scheme = authorization.split(' ').next().unwrap_or_default();
    match (service, scheme) {
        (SandboxService::Sts | SandboxService::Iam, _) => malformed_signature(service, false, ONLY_VERSION_4),
        (SandboxService::S3, "AWS") => version_2(),
        (SandboxService::S3, ASYMMETRIC) => ErrorResponse::not_implemented(ASYMMETRIC),
        (SandboxService::S3, _) => {
            ErrorResponse::invalid_argument("Authorization", authorization, "Unsupported Authorization Type")
        }
    }
}

/// Signature Version 2, which no Region that began after 2013 takes, nor any for a bucket of after June 2020.
fn version_2() -> ErrorResponse {
    let message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
    ErrorResponse::bad_request("InvalidRequest", message)
}

fn two_signatures(authorization: &str) -> ErrorResponse {
    let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
                   parameter or the Authorization header should be specified";
    ErrorResponse::invalid_argument("Authorization", authorization, message)
}
