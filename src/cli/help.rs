//! What `--help` prints below the options.
//!
//! Invariant: a paragraph is one line, which clap wraps to the terminal's width; other lines have at most 80 columns.

/// `ebbtide --help`.
pub(super) fn after_help() -> String {
    let demo = if cfg!(feature = "sandbox") { EXAMPLE_OF_DEMO } else { "" };
    format!("Examples:\n{demo}{AFTER_HELP}")
}

/// The first example, where there is a sandbox.
const EXAMPLE_OF_DEMO: &str = "  ebbtide demo                              try it without an AWS account\n";

const AFTER_HELP: &str = "  ebbtide -p work s3://my-bucket/logs/      browse; the form is already filled in
  ebbtide ls -R -b my-bucket -u ana         every key, as a federated user who
                                            can only read that bucket
  ebbtide mint --role-arn ARN -o json       for credential_process
  ebbtide exec -u ana -b my-bucket -- aws s3 ls s3://my-bucket

Environment variables, as for the AWS CLI:
  AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_CONFIG_FILE,
  AWS_SHARED_CREDENTIALS_FILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
  AWS_SESSION_TOKEN, AWS_SECURITY_TOKEN, AWS_CREDENTIAL_EXPIRATION,
  AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3,
  AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_IAM,
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_ROLE_ARN,
  AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
  AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_EC2_METADATA_DISABLED,
  AWS_EC2_METADATA_SERVICE_ENDPOINT, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE

Environment variables of ebbtide:
  EBBTIDE_MINT_LOG=off   do not log minted sessions
  EBBTIDE_ALLOW_CORE=1   allow core files and debuggers
  RUST_LOG               what --debug logs

Exit codes:
  0              done
  1              other failure
  2              usage error, bad input or invalid configuration
  3              access denied
  4              credentials expired or invalid
  5              no such bucket, key, prefix, profile, user or role
  6              service unreachable, or no response in time
  126, 127       exec only: the command cannot be run, does not exist
  129, 130, 143  ended by SIGHUP, Ctrl-C, SIGTERM";

/// `ebbtide ls --help`.
pub(super) const LS_HELP: &str = "\
Without a bucket, lists the buckets with region and creation date. With a bucket, lists one level; -R lists everything \
below.

An incomplete listing is always marked. After an error, the exit code is not 0 and the text output has no count. With \
--max, a note says that there is more. In both cases json has \"complete\": false.

S3 returns up to 1,000 keys per request. --all sends up to 64 requests at a time, each for another part of the keys, and \
prints the same rows in the same order as -R. It needs 3 to 40 % more requests than -R, and about 30 more for a small \
listing. AWS bills every request.

Keys that are not UTF-8: each byte that is not text is printed as \\xff, and a backslash as \\\\. In JSON such a row has \
an additional field key_encoded or prefix_encoded with the percent-encoded bytes. A size that the service does not report \
is printed as — and is null in JSON.

Examples:
  ebbtide ls                                   buckets
  ebbtide ls s3://my-bucket/logs/              one level
  ebbtide ls -R -o ndjson s3://my-bucket | jq -r .key
  ebbtide ls -R --max 100 -b my-bucket -u ana  100 keys, as a federated user
  ebbtide ls -R --etags --check -u ana --role-arn ARN -b my-bucket
                                               check user, role and bucket,
                                               then print key => etag";

/// `ebbtide count --help`.
pub(super) const COUNT_HELP: &str = "\
S3 has no call that counts objects, so everything below the prefix is listed, up to 1,000 keys per request, with up to \
--max-in-flight requests at a time. AWS bills every request.

An incomplete count is always marked. Ctrl-C prints the count so far and exits with 130; an error prints it and exits \
with its own code. If the session expires meanwhile, ebbtide mints it once more with the same request, unless that needs \
an MFA code.

Examples:
  ebbtide count s3://my-bucket
  ebbtide count -o json s3://my-bucket | jq '.prefixes[] | select(.bytes > 1e9)'";

/// `ebbtide stat --help`.
pub(super) const STAT_HELP: &str = "\
Calls HeadObject with checksums, then GetObjectTagging, GetObjectAttributes, GetObjectRetention, GetObjectLegalHold and \
ListObjectAnnotations. A part that is refused is shown as unknown with the reason; in JSON it is null, and \"unavailable\" \
has the reason. The exit code is 0 as long as HeadObject works. No content is moved.

A session that is limited by --scope is limited to the folder of the key.

Examples:
  ebbtide stat s3://my-bucket/logs/a.log
  ebbtide stat -o json s3://my-bucket/logs/a.log | jq .checksums";

/// `ebbtide versions --help`.
pub(super) const VERSIONS_HELP: &str = "\
A key lists exactly that key, newest version first, with delete markers. A prefix must end in /; it lists every key below, \
and without a prefix the whole bucket is listed.

--at prints the version of each key that was current at that time: the newest that is not younger. A key that was deleted \
then is left out. Versions that were removed since cannot be known. A time without a zone is local time.

A session that is limited by --scope needs --scope read,get-version.

Examples:
  ebbtide versions s3://my-bucket/logs/a.log
  ebbtide versions -o ndjson s3://my-bucket/logs/ | jq -r .version_id
  ebbtide versions --at \"1d ago\" s3://my-bucket/logs/";

/// `ebbtide cat --help`, `ebbtide head --help` and `ebbtide tail --help`.
pub(super) const CAT_HELP: &str = "\
Content is written as it is; on a terminal, control characters are shown as escapes. If the connection breaks, the rest is \
requested on the condition that the object has not changed. head and tail request only the part that they print: the last \
bytes are one request. --decompress unpacks gzip, zstd or bzip2 in a process that has no credentials; tail then reads \
everything.

Examples:
  ebbtide cat s3://my-bucket/logs/a.log | grep ERROR
  ebbtide tail -n 20 s3://my-bucket/logs/a.log
  ebbtide head --decompress s3://my-bucket/logs/a.log.gz
  ebbtide head -c 512 s3://my-bucket/image.bin | xxd";

/// `ebbtide presign --help`.
pub(super) const PRESIGN_HELP: &str = "\
The link works without credentials for whoever has it. It ends after --expires-in, at the latest with the session that \
signs it, and after 7 days. Standard error says which of the three it is. One HeadObject request is sent before, which \
shows the service's clock and whether the session may read the object.

Examples:
  ebbtide presign --expires-in 15m s3://my-bucket/report.pdf
  ebbtide presign -o json -t 12h --expires-in 12h s3://my-bucket/report.pdf | jq -r .expires_at";

/// `ebbtide mint --help`.
pub(super) const MINT_HELP: &str = "\
The text output shows no secrets. To let other tools use the session, write this to ~/.aws/config:
  [profile reader]
  credential_process = ebbtide mint -p work --role-arn ARN -o json
To run one command with the session, use `ebbtide exec`. To export the session to this shell:
  eval \"$(ebbtide mint -o env)\"                      sh, bash, zsh
  ebbtide mint -o fish | source                      fish
  ebbtide mint -o powershell | Invoke-Expression     PowerShell

This also exports the region and the endpoint if they were set, and unsets variables that select other credentials. Each \
line starts with a space, so that a shell with HISTCONTROL=ignorespace does not keep pasted lines in its history.";

/// `ebbtide exec --help`.
pub(super) const EXEC_HELP: &str = "\
The command replaces the ebbtide process, so signals and exit code are the command's. It gets AWS_ACCESS_KEY_ID, \
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, AWS_REGION and AWS_DEFAULT_REGION, AWS_ENDPOINT_URL \
for a custom endpoint, and AWS_ACCOUNT_ID if the account is known. AWS_PROFILE and all other variables that select \
credentials are removed. The credentials are not renewed while the command runs. Core files are disabled for the command \
too, unless EBBTIDE_ALLOW_CORE is set.

Exit codes: the command's own; 126 if it cannot be run, 127 if it does not exist. If ebbtide fails before the command \
starts, ebbtide's exit code.

Examples:
  ebbtide exec -u ana -b my-bucket -- aws s3 ls s3://my-bucket
  ebbtide exec --role-arn arn:aws:iam::111122223333:role/reader -- bash";

/// `ebbtide policy --help`.
pub(super) const POLICY_HELP: &str = "\
A session policy can only remove permissions: a session has those that both its source and its session policy allow.

--scope read is list,get; --scope write is read,put,delete. A scope ends at a /: team means team/, not team-secret/. The \
characters *, ? and ${ in names stand for themselves. The risk line names what makes a policy dangerous: it allows every \
action, includes every bucket, or uses NotAction or NotResource.

Templates: list-only, read-prefix, read-versions, read-until (one hour from now), drop-box, tag-steward, no-deletes.

Examples:
  ebbtide policy s3://my-bucket/team/
  ebbtide policy --scope list,tags -o json s3://my-bucket/team/ > policy.json
  ebbtide policy --policy template:drop-box s3://my-bucket/inbox/
  ebbtide policy --policy @policy.json s3://my-bucket";

/// `ebbtide profiles --help`.
pub(super) const PROFILES_HELP: &str = "\
Reads the AWS config files and the environment like the AWS CLI v2, in the same order. An empty variable or setting \
counts as not set. Two things are stricter: a profile that was named and has no credentials is an error, and the role of \
an EC2 instance is used only with --source instance.

Access key, secret key, session token and expiration come from the same file. The expiration is \
x_security_token_expires, aws_credential_expiration, aws_expiration or expiration. The settings duration_seconds, \
role_session_name, external_id and mfa_serial of a profile are the defaults for its own role. A credential_process or \
mfa_process is ended after 60 s and cannot use the terminal.";

/// `ebbtide status --help`.
pub(super) const STATUS_HELP: &str = "\
Calls GetCallerIdentity with the credentials in the environment, and compares AWS_CREDENTIAL_EXPIRATION with the \
service's clock. If the service has no GetCallerIdentity, one S3 request checks the credentials.

Exit codes: 0 valid, for at least the time of --at-least; 4 expired, invalid, not set, or less time left; 6 unreachable.

Example:
  ebbtide status --at-least 10m || eval \"$(ebbtide mint -p work -o env)\"";

/// `ebbtide console --help`.
pub(super) const CONSOLE_HELP: &str = "\
The URL is as secret as the credentials: anyone who opens it within 15 minutes is signed in as the session until it \
expires. A session token cannot sign in to the console. With a custom endpoint, the URL comes from /federation at that \
endpoint and works only there.

Example:
  ebbtide console --role-arn ARN s3://my-bucket";

/// `ebbtide role --help` and `ebbtide roles --help`.
pub(super) const ROLE_HELP: &str = "\
Calls IAM with the profile's own credentials. The exit code is 5 if the role does not exist. Whether the profile can \
assume the role is estimated from the role's trust policy: likely, unlikely, or unknown, with the condition it depends on, \
such as MFA.";

/// `ebbtide sandbox --help`.
pub(super) const SANDBOX_HELP: &str = "\
Prints one line of JSON once it accepts connections: endpoint, access keys of an IAM user, region, a role, serial number \
and seed of the user's MFA device, buckets. Then any client works:
  export AWS_ENDPOINT_URL=http://127.0.0.1:PORT AWS_REGION=us-west-2
  export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
  aws s3 ls s3://tide-archive/
  aws sts get-session-token --serial-number arn:aws:iam::111122223333:mfa/ana \\
    --token-code \"$(oathtool --totp --base32 EBBTIDESANDBOXDEVICEEXAMPLESEED2)\"

Signatures, session tokens, expirations, MFA codes and policies are checked as AWS does. S3 is read-only: it lists \
objects and versions, and returns objects, ranges and bucket settings. IAM has GetUser, CreateUser, GetRole, ListRoles and \
ListMFADevices; created users exist until the sandbox ends. Other calls are denied, or return NotImplemented where they are \
allowed. Buckets are addressed by path or as BUCKET.localhost. s3cmd needs --host and --host-bucket with the same address; \
aws s3 presign needs `aws configure set s3.signature_version s3v4`. Idle connections are closed after 30 s.

Users: ana (nearly all permissions), guest (few), root. Roles, with their maximum duration:
  reader (1h), keeper (12h)  the account's policies decide; keeper can assume
                             reader
  auditor (4h)               only ana
  diver (4h)                 requires MFA
  partner (2h)               requires the external ID tide-partner-42
  crew (12h), mate (1h)      allow session tags and a source identity; crew can
                             assume mate
  locked, service/tide-gauge, service/tide-index
                             admit nobody";
