//! What the sandbox refuses a request with: AWS's code, status and words.
//!
//! Invariant: a [`ErrorResponse`] knows nothing of envelopes; each service writes the same refusal in its own XML.
//! Codes: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html> and
//! <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>.

use http::StatusCode;

/// Which service is called; S3 has other codes for the same fault than the two that speak the query protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SandboxService {
    S3,
    Sts,
    Iam,
}

impl SandboxService {
    /// The name in a credential scope.
    pub(crate) const fn scope(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Sts => "sts",
            Self::Iam => "iam",
        }
    }

    /// Of its documents; S3's errors have none.
    pub(crate) const fn namespace(self) -> &'static str {
        match self {
            Self::S3 => "http://s3.amazonaws.com/doc/2006-03-01/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
        }
    }
}

/// One refusal.
#[derive(Debug)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Further elements of S3's `<Error>`: `<Token-0>`, `<Endpoint>`, `<Region>`, …
    pub(crate) details: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl ErrorResponse {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: vec![], headers: vec![] }
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    pub(crate) fn not_implemented(what: &str) -> Self {
        let message =
            format!("A header or parameter implies functionality that the sandbox does not implement: {what}");
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message)
    }

    /// A call of STS's or IAM's that the sandbox does not have.
    pub(crate) fn no_such_call(name: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", format!("The sandbox does not implement {name}"))
    }

    /// The machine gives no chance to make keys and names of.
    pub(crate) fn no_randomness(error: getrandom::Error) -> Self {
        let message = format!("The sandbox got no random numbers from the system: {error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", message)
    }

    /// A parameter S3 cannot take, named as S3 names it.
    pub(crate) fn invalid_argument(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::bad_request("InvalidArgument", message)
            .with_detail("ArgumentName", name)
            .with_detail("ArgumentValue", value)
    }

    #[must_use]
    pub(crate) fn with_detail(mut self, element: &'static str, text: impl Into<String>) -> Self {
        self.details.push((element, text.into()));
        self
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The caller is unknown, or not known to the sandbox.
impl ErrorResponse {
    pub(crate) fn anonymous_request(service: SandboxService) -> Self {
        match service {
            SandboxService::S3 => Self::forbidden("AccessDenied", "Access Denied"),
            SandboxService::Sts | SandboxService::Iam => {
                Self::forbidden("MissingAuthenticationToken", "Request is missing Authentication Token")
            }
        }
    }

    pub(crate) fn unknown_key(service: SandboxService, key: &str) -> Self {
        match service {
            SandboxService::S3 => Self::forbidden(
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            )
            .with_detail("AWSAccessKeyId", key),
            SandboxService::Sts | SandboxService::Iam => Self::invalid_client_token(),
        }
    }

    /// The session token is missing its key, forged, or another key's. S3 echoes it, and a client must survive that.
    pub(crate) fn wrong_token(service: SandboxService, token: &str) -> Self {
        match service {
            SandboxService::S3 => {
                Self::bad_request("InvalidToken", "The provided token is malformed or otherwise invalid.")
                    .with_detail("Token-0", token)
            }
            SandboxService::Sts | SandboxService::Iam => Self::invalid_client_token(),
        }
    }

    pub(crate) fn expired_token(service: SandboxService, token: &str) -> Self {
        match service {
            SandboxService::S3 => {
                Self::bad_request("ExpiredToken", "The provided token has expired.").with_detail("Token-0", token)
            }
            SandboxService::Sts | SandboxService::Iam => {
                Self::forbidden("ExpiredToken", "The security token included in the request is expired")
            }
        }
    }

    pub(crate) fn wrong_signature(service: SandboxService) -> Self {
        let message = match service {
            SandboxService::S3 => {
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method."
            }
            SandboxService::Sts | SandboxService::Iam => {
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                 Access Key and signing method. Consult the service documentation for details."
            }
        };
        Self::forbidden("SignatureDoesNotMatch", message)
    }

    /// Also for a service that is closed to this kind of session, whatever policies say.
    pub(crate) fn invalid_client_token() -> Self {
        Self::forbidden("InvalidClientTokenId", "The security token included in the request is invalid.")
    }
}
