//! Signing in to the web console with a session: exchanges the credentials for a sign-in token, and builds the URL.
//!
//! Invariant: the credentials go only to the service that minted them: AWS's sign-in host, or `/federation` at the
//! custom endpoint. They travel in the body, never in a URL that somebody may log. The reply is as secret as they are:
//! it leaves as a [`SecretString`], and no error quotes it. No duration is sent, so the console session ends with the
//! session, and federated users and chained roles are not refused.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>

use aws_smithy_async::rt::sleep::default_async_sleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
};
use aws_smithy_types::{body::SdkBody, error::ErrorMetadata};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{
    calls::{CallError, RetryMode},
    failure::Attempt,
    http::{SdkClock, call_timeouts},
    source::Source,
};
use crate::domain::{
    console::{Console, ConsolePage},
    credentials::{Credentials, ExposeSecret, SecretString},
    failure::{Failure, FailureKind, Service},
    identity::Identity,
};

/// What was tried.
const ACTION: &str = "get a sign-in URL for";

/// Who gave out the URL, for the page that is shown when the console session is over.
const ISSUER: &str = "ebbtide";

/// The response of the exchange. A derived reader accepts no field twice, and nothing after the end.
#[derive(Deserialize)]
struct SigninTokenReply {
    #[serde(rename = "SigninToken")]
    sign_in_token: String,
}

impl Source {
    /// A URL that signs in as `identity`, whose credentials these are, if it is opened within 15 minutes, and
    /// stands at `page`. As secret as the credentials.
    ///
    /// # Errors
    /// `Invalid` where there is no console for these credentials: for session tokens and long-term keys, and where the
    /// secret key would travel unencrypted to another machine. Whatever the sign-in service says.
    pub async fn sign_in_url(
        &self,
        credentials: &Credentials,
        identity: &Identity,
        page: &ConsolePage,
    ) -> Result<SecretString, Failure> {
        let no_console = |why: &str| Failure::local(FailureKind::Invalid, ACTION, &identity.arn, why);
        let console = Console::for_identity(identity)
            .map_err(|why| no_console(why).with_hint("use --mode role or --mode federation"))?;
        let Some(token) = &credentials.session_token else {
            return Err(no_console("there is no session token"));
        };
        let federation = self.federation_url(console).map_err(no_console)?;
        let session = json!({
            "sessionId": credentials.access_key_id,
            "sessionKey": credentials.secret_access_key.expose_secret(),
            "sessionToken": token.expose_secret(),
        });
        let exchange = encode_form(&[("Action", "getSigninToken"), ("Session", &session.to_string())]);
        let sign_in_token = self.sign_in_token(&federation, exchange, &identity.arn).await?;
        let page = console.page_address(page, self.region());
        let login = encode_form(&[
            ("Action", "login"),
            ("Issuer", ISSUER),
            ("Destination", &page),
            ("SigninToken", sign_in_token.expose_secret()),
        ]);
        Ok(format!("{federation}?{}", login.expose_secret()).into())
    }

    /// Where sessions of this source are exchanged: at the service that mints them.
    fn federation_url(&self, console: Console) -> Result<Url, &'static str> {
        let address = match self.custom_sts() {
            None => format!("https://{}/federation", console.sign_in_host),
            // A signature may be read by others; here the secret key itself is sent.
            Some(minter) if minter.plain && !minter.loopback => {
                return Err("http would send the secret key unencrypted to another machine");
            }
            Some(minter) => format!("{}/federation", minter.url.trim_end_matches('/')),
        };
        Url::parse(&address).map_err(|_| "no path can be added to the endpoint")
    }

    async fn sign_in_token(
        &self,
        federation: &Url,
        exchange: SecretString,
        subject: &str,
    ) -> Result<SecretString, Failure> {
        let operation = Operation::builder()
            .service_name("signin")
            .operation_name("GetSigninToken")
            .http_client(self.transport.connections.guarded_client(false))
            .endpoint_url(&federation.origin().ascii_serialization())
            .no_auth()
            .no_retry() // `calls` repeats
            .timeout_config(call_timeouts())
            .time_source(SdkClock::new(&self.transport.clock, self.transport.clock_offset()));
        let operation = match default_async_sleep() {
            Some(sleep) => operation.sleep_impl(sleep),
            None => operation,
        };
        let path = federation.path().to_owned();
        let operation = operation.serializer(move |body| form_post(&path, &body)).deserializer(read_token).build();
        let attempt = Attempt { service: Service::SignIn, action: ACTION, subject, asked: federation.as_str() };
        let calls = self.transport.call_context();
        let token = calls.make_call(attempt, RetryMode::Patiently, || operation.invoke(exchange.clone())).await;
        token.map_err(|call_error| {
            // Nothing of a reply is told: the service itself gives no reason but a page for browsers.
            let CallError { failure, .. } = *call_error;
            match failure.status {
                Some(status) => Failure { message: why_not(status).into(), code: None, hint: None, ..failure },
                None => failure,
            }
        })
    }
}

fn encode_form(parameters: &[(&str, &str)]) -> SecretString {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish().into()
}

fn form_post(path: &str, form: &SecretString) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(form.expose_secret()));
    request.set_method("POST")?;
    request.set_uri(path)?;
    request.headers_mut().insert("content-type", "application/x-www-form-urlencoded");
    Ok(request)
}

/// The token of a success; an answer without one has no more to say than its status.
fn read_token(reply: &HttpResponse) -> Result<SecretString, OrchestratorError<ErrorMetadata>> {
    let body = reply.body().bytes().filter(|_| reply.status().is_success());
    let read = body.and_then(|body| serde_json::from_slice::<SigninTokenReply>(body).ok());
    let token = read.map(|read| SecretString::from(read.sign_in_token));
    let is_visible = |token: &SecretString| {
        let token = token.expose_secret();
        !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
    };
    token.filter(is_visible).ok_or_else(|| OrchestratorError::operation(ErrorMetadata::builder().build()))
}

/// What a status means here.
fn why_not(status: u16) -> &'static str {
    match status {
        200..=299 => "the response has no sign-in token",
        404 | 405 | 501 => "the service has no federation endpoint, so there is no console",
        400..=499 => "only a valid role session or federated user that was minted with long-term keys can sign in",
        _ => "it gave no reason",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{
        aws::{Aws, Setting, scripted_server::ScriptedServer},
        clock::Clock,
        domain::{location::Location, profile::SourceOptions},
    };

    fn session() -> Credentials {
        Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: "canary/SECRET+".into(),
            session_token: Some("canaryTOKEN==".into()),
            expiration: None,
        }
    }

    async fn url(parrot: &ScriptedServer, arn: &str, endpoint_url: Option<&str>) -> Result<SecretString, Failure> {
        let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=eu-west-1\n".into();
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
        let endpoint_url = endpoint_url.map(Into::into);
        let options = SourceOptions { endpoint_url, allow_plain_http: true, ..SourceOptions::default() };
        let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: String::new() };
        let source = aws.source(&options).await.unwrap();
        source.sign_in_url(&session(), &identity, &ConsolePage::Location(Location::new("tide-logs", "app/"))).await
    }

    const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/reader/ana";
    const GIVEN: &str = r#"{"SigninToken":"canary-token_1"}"#;

    fn parameter(form: &str, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(form.as_bytes()).into_owned();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    #[tokio::test]
    async fn a_session_is_exchanged_with_whoever_minted_it_for_an_address_that_leads_to_the_bucket() {
        for (endpoint, federation) in [
            (None, "https://signin.aws.amazon.com/federation"),
            (Some("https://sts.eu-west-1.amazonaws.com"), "https://signin.aws.amazon.com/federation"),
            (Some("http://127.0.0.1:9"), "http://127.0.0.1:9/federation"),
            (Some("https://tide.example/aws/"), "https://tide.example/aws/federation"),
        ] {
            let parrot = ScriptedServer::replying(GIVEN);
            let url = url(&parrot, ROLE, endpoint).await.unwrap();
            let asked = parrot.recorded_requests().remove(0);
            assert_eq!((asked.uri.as_str(), asked.authorization.as_str()), (federation, ""), "nothing in the address");
            assert_eq!(parameter(&asked.body, "Action").as_deref(), Some("getSigninToken"));
            assert_eq!(parameter(&asked.body, "SessionDuration"), None);
            let sent: Value = serde_json::from_str(&parameter(&asked.body, "Session").unwrap()).unwrap();
            assert_eq!(sent["sessionKey"], "canary/SECRET+");
            assert_eq!(sent["sessionToken"], "canaryTOKEN==");
            let (address, login) = url.expose_secret().split_once('?').unwrap();
            assert_eq!((address, parameter(login, "Action").as_deref()), (federation, Some("login")));
            assert_eq!(parameter(login, "SigninToken").as_deref(), Some("canary-token_1"));
            let destination = "https://console.aws.amazon.com/s3/buckets/tide-logs?region=eu-west-1&prefix=app%2F";
            assert_eq!(parameter(login, "Destination").as_deref(), Some(destination));
        }
    }

    #[tokio::test]
    async fn where_there_is_no_console_nobody_is_asked() {
        for (arn, endpoint_url, why) in [
            (ROLE, Some("http://tide.example"), "would send the secret key unencrypted"),
            ("arn:aws:iam::111122223333:user/ana", None, "only role sessions and federated users"),
        ] {
            let parrot = ScriptedServer::replying(GIVEN);
            let failure = url(&parrot, arn, endpoint_url).await.unwrap_err();
            assert!(failure.kind == FailureKind::Invalid && failure.message.contains(why), "{failure}");
            assert_eq!(parrot.recorded_requests().len(), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_says_nothing_of_what_was_sent_or_came() {
        for (status, text, why) in [
            (400, "canary", "only a valid role session"),
            (400, r#"{"Code":"canary","Message":"canary"}"#, "only a valid role session"),
            (400, GIVEN, "only a valid role session"),
            (404, "<Error><Code>canary</Code></Error>", "no federation endpoint"),
            (200, "<html>canary</html>", "no sign-in token"),
            (200, r#"{"Other":"canary"}"#, "no sign-in token"),
            (200, r#"{"SigninToken":""}"#, "no sign-in token"),
            (200, r#"{"SigninToken":"canary\r\nx"}"#, "no sign-in token"),
            (200, r#"{"SigninToken":"canary","SigninToken":"canary-2"}"#, "no sign-in token"),
            (200, r#"{"SigninToken":"canary"} more"#, "no sign-in token"),
            (200, r#"{"SigninToken":"canary""#, "no sign-in token"),
            (500, "<html>canary</html>", "it gave no reason"),
            (503, "", "it gave no reason"),
        ] {
            let failure = url(&ScriptedServer::saying_in_turn(&[(status, text); 20]), ROLE, None).await.unwrap_err();
            let told = format!("{failure} {failure:?} {}", failure.next_move());
            assert!(!told.contains("canary") && told.contains(why), "{told}");
            assert_eq!((failure.status, failure.service), (Some(status), Service::SignIn));
        }
    }
}
