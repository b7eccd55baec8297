//! What the sandbox refuses a request with: AWS's code, status and words.
//!
//! Invariant: a [`Refusal`] knows nothing of envelopes; S3 and STS write the same refusal in their own XML.
//! Codes: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html> and
//! <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>.

use http::StatusCode;

/// Which of the two services is asked; they refuse the same fault under different codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    S3,
    Sts,
}

impl Service {
    /// The name in a credential scope.
    pub(crate) const fn scope(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Sts => "sts",
        }
    }
}

/// One refusal.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Further elements of S3's `<Error>`: `<Token-0>`, `<Endpoint>`, `<Region>`, …
    pub(crate) details: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: vec![], headers: vec![] }
    }

    pub(crate) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    pub(crate) fn not_implemented(what: &str) -> Self {
        let message = format!("A header or parameter implies functionality the sandbox does not have: {what}");
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message)
    }

    /// A parameter S3 cannot take, named as S3 names it.
    pub(crate) fn argument(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::bad("InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
    }

    #[must_use]
    pub(crate) fn with(mut self, element: &'static str, text: impl Into<String>) -> Self {
        self.details.push((element, text.into()));
        self
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Who is asking cannot be told, or is nobody the sandbox knows.
impl Refusal {
    pub(crate) fn anonymous(service: Service) -> Self {
        match service {
            Service::S3 => Self::forbidden("AccessDenied", "Access Denied"),
            Service::Sts => Self::forbidden("MissingAuthenticationToken", "Request is missing Authentication Token"),
        }
    }

    pub(crate) fn unknown_key(service: Service, key: &str) -> Self {
        match service {
            Service::S3 => Self::forbidden(
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            )
            .with("AWSAccessKeyId", key),
            Service::Sts => Self::invalid_sts_token(),
        }
    }

    /// The session token is missing its key, forged, or another key's. S3 echoes it, and a client must survive that.
    pub(crate) fn wrong_token(service: Service, token: &str) -> Self {
        match service {
            Service::S3 => Self::bad("InvalidToken", "The provided token is malformed or otherwise invalid.")
                .with("Token-0", token),
            Service::Sts => Self::invalid_sts_token(),
        }
    }

    pub(crate) fn expired_token(service: Service, token: &str) -> Self {
        match service {
            Service::S3 => Self::bad("ExpiredToken", "The provided token has expired.").with("Token-0", token),
            Service::Sts => Self::forbidden("ExpiredToken", "The security token included in the request is expired"),
        }
    }

    pub(crate) fn wrong_signature(service: Service) -> Self {
        let message = match service {
            Service::S3 => {
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method."
            }
            Service::Sts => {
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                 Access Key and signing method. Consult the service documentation for details."
            }
        };
        Self::forbidden("SignatureDoesNotMatch", message)
    }

    fn invalid_sts_token() -> Self {
        Self::forbidden("InvalidClientTokenId", "The security token included in the request is invalid.")
    }
}
