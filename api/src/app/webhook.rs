//! The receiver of messages: one address, to which each is posted signed, in the form of Standard Webhooks 1.0.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use eventstore::{CompanyId, Message};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::Sha256;
use std::fmt;
use std::time::Duration;

/// How long a receiver may take.
const LONGEST: Duration = Duration::from_secs(5);
/// With what a key as text begins.
const KEY_PREFIX: &str = "whsec_";

/// The key that messages are signed with, which the receiver knows too.
#[derive(Clone)]
pub struct WebhookKey([u8; 32]);

impl WebhookKey {
    /// Takes these bytes as a key.
    pub fn new(key: [u8; 32]) -> WebhookKey {
        WebhookKey(key)
    }

    /// Reads a key from its text.
    pub fn parse(text: &str) -> Option<WebhookKey> {
        let bytes = STANDARD.decode(text.strip_prefix(KEY_PREFIX)?).ok()?;
        bytes.try_into().ok().map(WebhookKey)
    }

    /// The key as text, `whsec_` and base64, as receivers take it.
    pub fn to_text(&self) -> String {
        format!("{KEY_PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The signature of a message: `v1,` and the base64 of HMAC-SHA256(key, id.timestamp.body).
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        // A key shorter than the hash's block is filled up with zeros: the same as giving it as it is.
        let mut block = [0; 64];
        block[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKey")
    }
}

/// Where messages go.
#[derive(Clone, Debug)]
pub struct Webhook {
    url: Url,
    key: WebhookKey,
    client: Client,
}

/// What is posted.
#[derive(Serialize)]
struct Payload<'a> {
    #[serde(rename = "type")]
    topic: &'a str,
    /// When it happened; the same however often it is sent.
    timestamp: String,
    company: CompanyId,
    position: i64,
    data: &'a RawValue,
}

impl Webhook {
    /// Whether messages may go to this address: `https`, or `http` on this machine. What is wrong with it is told for people.
    pub fn check(url: &str) -> Result<Url, String> {
        let url = Url::parse(url).map_err(|error| format!("it is no address: {error}"))?;
        let here =
            url.host_str().is_some_and(|host| host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()));
        match url.scheme() {
            "https" => {}
            "http" if here => {}
            "http" => return Err("what goes to another machine goes by https".into()),
            scheme => return Err(format!("it must begin with https://, not {scheme}:")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must hold no user and no password: messages are signed instead".into());
        }
        Ok(url)
    }

    /// A receiver at such an address.
    pub fn try_new(url: &str, key: WebhookKey) -> Result<Webhook, String> {
        let url = Webhook::check(url)?;
        // Another part of this process may have said the same before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().redirect(Policy::none()).timeout(LONGEST).user_agent(concat!("Leadtrail/", env!("CARGO_PKG_VERSION"))).build();
        Ok(Webhook { url, key, client: client.map_err(|error| error.to_string())? })
    }

    /// Posts a message once. Any 2xx takes it; of the answer nothing else is read.
    pub async fn deliver(&self, company: CompanyId, message: &Message, now: DateTime<Utc>) -> Result<(), String> {
        let timestamp = message.occurred_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let data = serde_json::from_slice(&message.body).map_err(|error| error.to_string())?;
        let payload = Payload { topic: &message.topic, timestamp, company, position: message.position, data };
        let body = serde_json::to_string(&payload).map_err(|error| error.to_string())?;
        let (id, sent_at) = (format!("msg_{}", message.id), now.timestamp());
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-signature", self.key.sign(&id, sent_at, &body))
            .header("webhook-id", id)
            .header("webhook-timestamp", sent_at)
            .body(body);
        let answer = request.send().await.map_err(|error| in_full(&error.without_url()))?;
        if answer.status().is_success() { Ok(()) } else { Err(format!("the receiver answered {}", answer.status())) }
    }
}

/// An error with what lies behind it.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example message of Standard Webhooks 1.0, signed by another program.
    #[test]
    fn a_known_message_has_a_known_signature() {
        let key = WebhookKey::parse("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        assert_eq!(key.to_text(), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let signature = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI=");
    }

    #[test]
    fn a_receiver_is_reached_by_https_or_on_this_machine() {
        let tried = |url| Webhook::try_new(url, WebhookKey::new([0; 32])).map(drop);
        for fine in ["https://example.com/hook?of=1", "http://localhost:9000/", "http://127.0.0.1:9000/hook", "http://[::1]:9000"] {
            assert_eq!(tried(fine), Ok(()), "{fine}");
        }
        for wrong in ["example.com/hook", "http://example.com", "http://127.0.0.1.example.com", "ftp://example.com", "https://ana:secret@example.com", ""] {
            assert!(tried(wrong).is_err(), "{wrong}");
        }
    }
}
