//! The condition keys that are known, and what their values are.
//!
//! Invariant: a key is here only if the sandbox gives its value, or knows that a request to it has none.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html> and
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys>

/// What a key's values are, which decides the operators that can compare them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Arn,
    Time,
    /// Seconds since 1970: a date and a number.
    Epoch,
    Number,
    Truth,
    Address,
}

/// In lower case. One that ends in `/` goes on with the name of a tag.
const KEYS: [(&str, Type); 56] = [
    ("aws:calledvia", Type::Text),
    ("aws:calledviafirst", Type::Text),
    ("aws:calledvialast", Type::Text),
    ("aws:currenttime", Type::Time),
    ("aws:epochtime", Type::Epoch),
    ("aws:federatedprovider", Type::Text),
    ("aws:multifactorauthage", Type::Number),
    ("aws:multifactorauthpresent", Type::Truth),
    ("aws:principalaccount", Type::Text),
    ("aws:principalarn", Type::Arn),
    ("aws:principalisawsservice", Type::Truth),
    ("aws:principalorgid", Type::Text),
    ("aws:principalorgpaths", Type::Text),
    ("aws:principalservicename", Type::Text),
    ("aws:principalservicenameslist", Type::Text),
    ("aws:principaltag/", Type::Text),
    ("aws:principaltype", Type::Text),
    ("aws:referer", Type::Text),
    ("aws:requestedregion", Type::Text),
    ("aws:requesttag/", Type::Text),
    ("aws:resourceaccount", Type::Text),
    ("aws:resourceorgid", Type::Text),
    ("aws:resourceorgpaths", Type::Text),
    ("aws:resourcetag/", Type::Text),
    ("aws:securetransport", Type::Truth),
    ("aws:sourceaccount", Type::Text),
    ("aws:sourcearn", Type::Arn),
    ("aws:sourceidentity", Type::Text),
    ("aws:sourceip", Type::Address),
    ("aws:sourceorgid", Type::Text),
    ("aws:sourcevpc", Type::Text),
    ("aws:sourcevpce", Type::Text),
    ("aws:tagkeys", Type::Text),
    ("aws:tokenissuetime", Type::Time),
    ("aws:useragent", Type::Text),
    ("aws:userid", Type::Text),
    ("aws:username", Type::Text),
    ("aws:viaawsservice", Type::Truth),
    ("aws:vpcsourceip", Type::Address),
    ("s3:authtype", Type::Text),
    ("s3:delimiter", Type::Text),
    ("s3:existingobjecttag/", Type::Text),
    ("s3:max-keys", Type::Number),
    ("s3:prefix", Type::Text),
    ("s3:requestobjecttag/", Type::Text),
    ("s3:resourceaccount", Type::Text),
    ("s3:signatureversion", Type::Text),
    ("s3:tlsversion", Type::Number),
    ("s3:versionid", Type::Text),
    ("s3:x-amz-acl", Type::Text),
    ("s3:x-amz-content-sha256", Type::Text),
    ("s3:x-amz-server-side-encryption", Type::Text),
    ("s3:x-amz-storage-class", Type::Text),
    ("sts:externalid", Type::Text),
    ("sts:rolesessionname", Type::Text),
    ("sts:sourceidentity", Type::Text),
];

impl Type {
    /// That of a key in lower case; `None` for one that is not known.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        let known = |(name, _): &&(&str, Self)| {
            if name.ends_with('/') { key.strip_prefix(name).is_some_and(|tag| !tag.is_empty()) } else { key == *name }
        };
        KEYS.iter().find(known).map(|(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_names_and_tags_by_their_beginnings() {
        for (key, kind) in [
            ("s3:prefix", Some(Type::Text)),
            ("aws:principaltag/team", Some(Type::Text)),
            ("aws:principaltag/", None),
            ("aws:sourceip", Some(Type::Address)),
            ("s3:prefixes", None),
            ("kms:viaservice", None),
        ] {
            assert_eq!(Type::of_key(key), kind, "{key}");
        }
    }
}
