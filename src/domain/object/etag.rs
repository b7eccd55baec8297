//! What an `ETag` is: the MD5 of the content, or something that looks like one.
//!
//! Invariant: [`EtagMeaning::Md5`] is said only where AWS documents that it is the MD5 of the content.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>

use super::encryption::ObjectEncryption;

/// What can be concluded from an `ETag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtagMeaning {
    /// The MD5 of the content.
    Md5,
    /// Of an object that was uploaded in so many parts: the MD5 of the parts' MD5s, and no MD5 of the content.
    Multipart(u32),
    /// It looks like an MD5 and is none: the object is encrypted with a KMS or customer key.
    Encrypted,
    /// Another text, of which nothing is known but that it changes with the content.
    Opaque,
}

/// Digits of an MD5.
const DIGITS: usize = 32;

impl EtagMeaning {
    /// What an `ETag` without its quotes is, of an object with this encryption.
    pub fn of_etag(etag: &str, encryption: Option<&ObjectEncryption>) -> Self {
        let (digest, parts) = etag.split_once('-').map_or((etag, None), |(digest, parts)| (digest, Some(parts)));
        if digest.len() != DIGITS || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Self::Opaque;
        }
        match parts {
            Some(parts) if parts.bytes().all(|byte| byte.is_ascii_digit()) => {
                parts.parse().map_or(Self::Opaque, Self::Multipart)
            }
            Some(_) => Self::Opaque,
            None if encryption.is_some_and(ObjectEncryption::hides_md5) => Self::Encrypted,
            None => Self::Md5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_is_an_md5_only_where_it_can_be_one() {
        let md5 = "04de7ab2530a571e501cd5fa7eed725d";
        let with =
            |algorithm: &str| ObjectEncryption { algorithm: Some(algorithm.into()), ..ObjectEncryption::default() };
        let customer = ObjectEncryption { customer_algorithm: Some("AES256".into()), ..ObjectEncryption::default() };
        for (etag, encryption, meaning) in [
            (md5.to_owned(), None, EtagMeaning::Md5),
            (md5.to_uppercase(), None, EtagMeaning::Md5),
            (md5.to_owned(), Some(with("AES256")), EtagMeaning::Md5),
            (md5.to_owned(), Some(with("aws:kms")), EtagMeaning::Encrypted),
            (md5.to_owned(), Some(with("aws:kms:dsse")), EtagMeaning::Encrypted),
            (md5.to_owned(), Some(customer), EtagMeaning::Encrypted),
            (format!("{md5}-2"), Some(with("aws:kms")), EtagMeaning::Multipart(2)),
            (format!("{md5}-10000"), None, EtagMeaning::Multipart(10_000)),
            (format!("{md5}-"), None, EtagMeaning::Opaque),
            (format!("{md5}-99999999999"), None, EtagMeaning::Opaque),
            (format!("{md5}-2-3"), None, EtagMeaning::Opaque),
            ("abc".into(), None, EtagMeaning::Opaque),
            (String::new(), None, EtagMeaning::Opaque),
        ] {
            assert_eq!(EtagMeaning::of_etag(&etag, encryption.as_ref()), meaning, "{etag} {encryption:?}");
        }
    }
}
