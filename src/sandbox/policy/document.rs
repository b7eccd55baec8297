//! The JSON of a policy, as text: which elements there are, before anybody asks what they mean.
//!
//! Invariant: an element this module does not name is an error that names it, and so is one that is given twice.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

/// A whole policy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Document {
    pub(crate) version: Option<String>,
    /// A label; means nothing.
    #[serde(rename = "Id")]
    _id: Option<String>,
    pub(crate) statement: OneOrMany<Statement>,
}

/// One statement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Statement {
    /// A label; means nothing.
    #[serde(rename = "Sid")]
    _sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) principal: Option<Principal>,
    pub(crate) action: Option<OneOrMany<Scalar>>,
    pub(crate) not_action: Option<OneOrMany<Scalar>>,
    pub(crate) resource: Option<OneOrMany<Scalar>>,
    pub(crate) not_resource: Option<OneOrMany<Scalar>>,
    pub(crate) condition: Option<Pairs<Pairs<OneOrMany<Scalar>>>>,
}

/// What a statement that applies does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// Whom a statement of a resource's policy is about.
pub(crate) enum Principal {
    Everyone,
    /// Account ids, ARNs, names of services and of identity providers; nobody in the sandbox goes by the latter two.
    Named(Vec<String>),
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Named {
            #[serde(rename = "AWS")]
            aws: Option<OneOrMany<Scalar>>,
            #[serde(rename = "Service")]
            service: Option<OneOrMany<Scalar>>,
            #[serde(rename = "Federated")]
            federated: Option<OneOrMany<Scalar>>,
        }
        let OneOrMany(mut found) = OneOrMany::<StarOr<Named>>::deserialize(deserializer)?;
        match (found.pop(), found.is_empty()) {
            (Some(StarOr::Star), true) => Ok(Self::Everyone),
            (Some(StarOr::Other(Named { aws, service, federated })), true) => {
                let names = [aws, service, federated].into_iter().flatten().flat_map(|names| names.0);
                Ok(Self::Named(names.map(|Scalar(name)| name).collect()))
            }
            _ => Err(D::Error::custom("Principal must be \"*\" or {\"AWS\": …}")),
        }
    }
}

enum StarOr<T> {
    Star,
    Other(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for StarOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expect<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Expect<T> {
            type Value = StarOr<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"*\" or {\"AWS\": …} as Principal")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<StarOr<T>, E> {
                if text == "*" { Ok(StarOr::Star) } else { Err(E::custom(format!("Invalid principal: {text:?}"))) }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<StarOr<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(StarOr::Other)
            }
        }
        deserializer.deserialize_any(Expect(PhantomData))
    }
}

/// A list, or the one value that stands for a list of one.
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expect<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Expect<T> {
            type Value = OneOrMany<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list of values")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<OneOrMany<T>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrMany)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| OneOrMany(vec![one]))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<OneOrMany<T>, E> {
                T::deserialize(text.into_deserializer()).map(|one| OneOrMany(vec![one]))
            }
            fn visit_bool<E: Error>(self, truth: bool) -> Result<OneOrMany<T>, E> {
                T::deserialize(truth.into_deserializer()).map(|one| OneOrMany(vec![one]))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<OneOrMany<T>, E> {
                T::deserialize(number.into_deserializer()).map(|one| OneOrMany(vec![one]))
            }
        }
        deserializer.deserialize_any(Expect(PhantomData))
    }
}

/// Text, a truth value or a number, as text.
pub(crate) struct Scalar(pub(crate) String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expect;
        impl Visitor<'_> for Expect {
            type Value = Scalar;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.into()))
            }
            fn visit_bool<E: Error>(self, truth: bool) -> Result<Scalar, E> {
                Ok(Scalar(truth.to_string()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }
        }
        deserializer.deserialize_any(Expect)
    }
}

/// An object's members in order; a name given twice is an error, where a map would keep the last.
pub(crate) struct Pairs<T>(pub(crate) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expect<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Expect<T> {
            type Value = Pairs<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs: Vec<(String, T)> = vec![];
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    if pairs.iter().any(|(earlier, _)| *earlier == name) {
                        return Err(A::Error::custom(format!("{name} is given twice")));
                    }
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Expect(PhantomData))
    }
}
