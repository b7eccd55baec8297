//! Signing in to the web console with a session: a sign-in token in exchange for the credentials, then an address.
//!
//! Invariant: the credentials go to AWS's own sign-in host and nowhere else; what comes back is as secret as they are and
//! leaves as a [`SecretString`]. No duration is sent: the console session then ends with the session, and a session of a
//! chained role is not refused for it.

use aws_smithy_async::rt::sleep::default_async_sleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::error::ErrorMetadata;
use serde_json::{Value, json};
use url::Url;

use super::{
    Source,
    failure::Attempt,
    http::{SdkClock, timeouts},
};
use crate::domain::{
    console::Console,
    credentials::{Credentials, ExposeSecret, SecretString},
    failure::{Failure, FailureKind, Service},
    identity::Identity,
    location::Location,
    mint::Limits,
};

/// What was tried.
const ACTION: &str = "get a sign-in URL for";

/// Who gave out the URL, for the page that is shown when the console session is over.
const ISSUER: &str = "ebbtide";

impl Source {
    /// An address at which whoever opens it within 15 minutes is signed in as `identity`, whose credentials these are, and
    /// stands at `location`. As secret as the credentials.
    ///
    /// # Errors
    /// `Invalid` where there is no console for these credentials: at a custom endpoint, for session tokens and long-term
    /// keys. Whatever the sign-in service says.
    pub async fn sign_in_url(
        &self,
        credentials: &Credentials,
        identity: &Identity,
        location: &Location,
    ) -> Result<SecretString, Failure> {
        let no_console = |why: &str| Failure::local(FailureKind::Invalid, ACTION, &identity.arn, why);
        if self.limits() == Limits::Advised {
            return Err(no_console("a custom endpoint has no console; only AWS has one"));
        }
        let console = Console::of(identity)
            .map_err(|why| no_console(why).with_hint("mint with --mode role or --mode federation"))?;
        let Some(token) = &credentials.session_token else {
            return Err(no_console("there is no session token"));
        };
        let session = json!({
            "sessionId": credentials.access_key_id,
            "sessionKey": credentials.secret_access_key.expose_secret(),
            "sessionToken": token.expose_secret(),
        });
        let exchange = federation(console, &[("Action", "getSigninToken"), ("Session", &session.to_string())]);
        let sign_in_token = self.sign_in_token(&exchange, &identity.arn, console).await?;
        let page = console.page(location, self.region());
        let login = [
            ("Action", "login"),
            ("Issuer", ISSUER),
            ("Destination", page.as_str()),
            ("SigninToken", sign_in_token.expose_secret()),
        ];
        Ok(String::from(federation(console, &login)).into())
    }

    async fn sign_in_token(&self, exchange: &Url, subject: &str, console: Console) -> Result<SecretString, Failure> {
        let operation = Operation::builder()
            .service_name("signin")
            .operation_name("GetSigninToken")
            .http_client(self.aws.connections.client(false))
            .endpoint_url(&exchange.origin().ascii_serialization())
            .no_auth()
            .no_retry()
            .timeout_config(timeouts())
            .time_source(SdkClock::new(&self.aws.clock, self.aws.clock_offset()));
        let operation = match default_async_sleep() {
            Some(sleep) => operation.sleep_impl(sleep),
            None => operation,
        };
        let operation =
            operation.serializer(|path: String| Ok(HttpRequest::get(path)?)).deserializer(read_token).build();
        let path = exchange[url::Position::BeforePath..].to_owned();
        let attempt = Attempt { service: Service::SignIn, action: ACTION, subject, asked: console.sign_in_host };
        operation.invoke(path).await.map_err(|error| attempt.failure(&error))
    }
}

fn federation(console: Console, parameters: &[(&str, &str)]) -> Url {
    let address = format!("https://{}/federation", console.sign_in_host);
    Url::parse_with_params(&address, parameters).expect("the hosts are known and are those of URLs")
}

/// The `SigninToken` of the reply. Nothing of the reply goes into an error.
fn read_token(reply: &HttpResponse) -> Result<SecretString, OrchestratorError<ErrorMetadata>> {
    let says = |message: &str| OrchestratorError::operation(ErrorMetadata::builder().message(message).build());
    if !reply.status().is_success() {
        return Err(says(
            "it takes sessions that long-term keys minted, while they live, and may have refused this one",
        ));
    }
    let reply: Option<Value> = reply.body().bytes().and_then(|body| serde_json::from_slice(body).ok());
    let token = reply.as_ref().and_then(|reply| reply.get("SigninToken")).and_then(Value::as_str);
    token.map(Into::into).ok_or_else(|| says("the answer has no sign-in token"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{Aws, Setting, parrot::Parrot},
        clock::Clock,
        domain::profile::SourceOptions,
    };

    fn session() -> Credentials {
        Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: "canary/SECRET+".into(),
            session_token: Some("canaryTOKEN==".into()),
            expiration: None,
        }
    }

    async fn url(parrot: &Parrot, arn: &str, endpoint_url: Option<&str>) -> Result<SecretString, Failure> {
        let shared_config = "[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=eu-west-1\n".into();
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
        let options = SourceOptions { endpoint_url: endpoint_url.map(Into::into), ..SourceOptions::default() };
        let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: String::new() };
        let source = aws.source(&options).await.unwrap();
        source.sign_in_url(&session(), &identity, &Location::new("tide-logs", "app/")).await
    }

    const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/reader/ana";
    const GIVEN: &str = r#"{"SigninToken":"canary-token_1"}"#;

    fn parameter(url: &str, name: &str) -> Option<String> {
        let pairs: Vec<_> = Url::parse(url).unwrap().query_pairs().into_owned().collect();
        pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    #[tokio::test]
    async fn a_session_is_exchanged_for_an_address_that_leads_to_the_bucket() {
        let parrot = Parrot::saying(GIVEN);
        let url = url(&parrot, ROLE, None).await.unwrap();
        let asked = parrot.asked().remove(0);
        assert!(
            asked.uri.starts_with("https://signin.aws.amazon.com/federation?Action=getSigninToken&"),
            "{}",
            asked.uri
        );
        let sent: Value = serde_json::from_str(&parameter(&asked.uri, "Session").unwrap()).unwrap();
        assert_eq!(sent["sessionKey"], "canary/SECRET+");
        assert_eq!(sent["sessionToken"], "canaryTOKEN==");
        assert_eq!((parameter(&asked.uri, "SessionDuration"), asked.authorization.as_str()), (None, ""));
        let url = url.expose_secret();
        assert!(url.starts_with("https://signin.aws.amazon.com/federation?Action=login&"));
        assert_eq!(parameter(url, "SigninToken").as_deref(), Some("canary-token_1"));
        let destination = parameter(url, "Destination").unwrap();
        assert_eq!(destination, "https://console.aws.amazon.com/s3/buckets/tide-logs?region=eu-west-1&prefix=app%2F");
    }

    #[tokio::test]
    async fn where_there_is_no_console_nobody_is_asked() {
        for (arn, endpoint_url, why) in [
            (ROLE, Some("http://127.0.0.1:9"), "a custom endpoint has no console"),
            ("arn:aws:iam::111122223333:user/ana", None, "role sessions and federated users only"),
        ] {
            let parrot = Parrot::saying(GIVEN);
            let failure = url(&parrot, arn, endpoint_url).await.unwrap_err();
            assert!(failure.kind == FailureKind::Invalid && failure.message.contains(why), "{failure}");
            assert_eq!(parrot.asked().len(), 0);
        }
    }

    #[tokio::test]
    async fn a_refusal_says_nothing_of_what_was_sent_or_came() {
        for (status, text) in [(400, "canary"), (200, "<html>canary</html>"), (200, r#"{"Other":"canary"}"#), (503, "")]
        {
            let failure = url(&Parrot::saying_in_turn(&[(status, text)]), ROLE, None).await.unwrap_err();
            let told = format!("{failure} {failure:?} {}", failure.advice());
            assert!(!told.contains("canary"), "{told}");
            assert_eq!((failure.status, failure.service), (Some(status), Service::SignIn));
        }
    }
}
