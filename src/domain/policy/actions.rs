//! The actions of S3, and the plain words for those that people ask about.
//!
//! Invariant: every action that AWS documents is in one of the lists, in lower case and without `s3:`.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActionTarget {
    Bucket,
    Object,
    /// The account: its resource is every bucket there is.
    Account,
    /// Something else than buckets and objects, such as an access point.
    Other,
    /// Not known here.
    Any,
}

/// The plain words of actions. Those that only help others to work have none.
const WORDS: [(&str, &str); 14] = [
    ("listallmybuckets", "see the names of all buckets"),
    ("listbucket", "list"),
    ("getbucketlocation", ""),
    ("listbucketversions", "list old versions of"),
    ("getobject", "read"),
    ("getobjectversion", "read old versions of"),
    ("putobject", "write"),
    ("abortmultipartupload", ""),
    ("listmultipartuploadparts", ""),
    ("deleteobject", "delete"),
    ("deleteobjectversion", "delete old versions of"),
    ("getobjecttagging", "read the tags of"),
    ("putobjecttagging", "tag"),
    ("deleteobjecttagging", "untag"),
];

/// The actions by what they are done to.
const ACTIONS: [(ActionTarget, &str); 4] = [
    (ActionTarget::Bucket, BUCKET),
    (ActionTarget::Object, OBJECT),
    (ActionTarget::Account, ACCOUNT),
    (ActionTarget::Other, OTHER),
];

/// An action of S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct S3Action {
    /// With `s3:`, in lower case.
    pub(super) name: String,
    pub(super) target: ActionTarget,
    /// Empty for one that only helps others; `None` for one that has no word.
    pub(super) word: Option<&'static str>,
}

/// Every action of S3 that is documented.
pub(super) fn documented_actions() -> impl Iterator<Item = S3Action> {
    let named =
        ACTIONS.into_iter().flat_map(|(target, names)| names.split_whitespace().map(move |name| (target, name)));
    named.map(|(target, name)| {
        let word = WORDS.iter().find(|(action, _)| *action == name).map(|(_, word)| *word);
        S3Action { name: format!("s3:{name}"), target, word }
    })
}

const BUCKET: &str = "
    createbucket createbucketmetadatatableconfiguration deletebucket deletebucketmetadatatableconfiguration
    deletebucketpolicy deletebucketwebsite getaccelerateconfiguration getanalyticsconfiguration getbucketacl
    getbucketcors getbucketlocation getbucketlogging getbucketmetadatatableconfiguration
    getbucketnotification getbucketobjectlockconfiguration getbucketownershipcontrols getbucketpolicy
    getbucketpolicystatus getbucketpublicaccessblock getbucketrequestpayment getbuckettagging
    getbucketversioning getbucketwebsite getencryptionconfiguration getintelligenttieringconfiguration
    getinventoryconfiguration getlifecycleconfiguration getmetricsconfiguration getreplicationconfiguration
    listbucket listbucketmultipartuploads listbucketversions putaccelerateconfiguration
    putanalyticsconfiguration putbucketacl putbucketcors putbucketlogging putbucketnotification
    putbucketobjectlockconfiguration putbucketownershipcontrols putbucketpolicy putbucketpublicaccessblock
    putbucketrequestpayment putbuckettagging putbucketversioning putbucketwebsite putencryptionconfiguration
    putintelligenttieringconfiguration putinventoryconfiguration putlifecycleconfiguration
    putmetricsconfiguration putreplicationconfiguration updatebucketmetadatainventorytableconfiguration
    updatebucketmetadatajournaltableconfiguration
";

const OBJECT: &str = "
    abortmultipartupload bypassgovernanceretention deleteobject deleteobjecttagging deleteobjectversion
    deleteobjectversiontagging getobject getobjectacl getobjectattributes getobjectlegalhold
    getobjectretention getobjecttagging getobjecttorrent getobjectversion getobjectversionacl
    getobjectversionattributes getobjectversionforreplication getobjectversiontagging
    getobjectversiontorrent initiatereplication listmultipartuploadparts objectowneroverridetobucketowner
    putobject putobjectacl putobjectlegalhold putobjectretention putobjecttagging putobjectversionacl
    putobjectversiontagging replicatedelete replicateobject replicatetags restoreobject
";

const ACCOUNT: &str = "
    createjob getaccountpublicaccessblock listaccesspoints listaccesspointsforobjectlambda listallmybuckets
    listjobs listmultiregionaccesspoints liststoragelensconfigurations liststoragelensgroups
    putaccesspointpublicaccessblock putaccountpublicaccessblock
";

const OTHER: &str = "
    associateaccessgrantsidentitycenter createaccessgrant createaccessgrantsinstance
    createaccessgrantslocation createaccesspoint createaccesspointforobjectlambda
    createmultiregionaccesspoint createstoragelensgroup deleteaccessgrant deleteaccessgrantsinstance
    deleteaccessgrantsinstanceresourcepolicy deleteaccessgrantslocation deleteaccesspoint
    deleteaccesspointforobjectlambda deleteaccesspointpolicy deleteaccesspointpolicyforobjectlambda
    deletejobtagging deletemultiregionaccesspoint deletestoragelensconfiguration
    deletestoragelensconfigurationtagging deletestoragelensgroup describejob
    describemultiregionaccesspointoperation dissociateaccessgrantsidentitycenter getaccessgrant
    getaccessgrantsinstance getaccessgrantsinstanceforprefix getaccessgrantsinstanceresourcepolicy
    getaccessgrantslocation getaccesspoint getaccesspointconfigurationforobjectlambda
    getaccesspointforobjectlambda getaccesspointpolicy getaccesspointpolicyforobjectlambda
    getaccesspointpolicystatus getaccesspointpolicystatusforobjectlambda getdataaccess getjobtagging
    getmultiregionaccesspoint getmultiregionaccesspointpolicy getmultiregionaccesspointpolicystatus
    getmultiregionaccesspointroutes getstoragelensconfiguration getstoragelensconfigurationtagging
    getstoragelensdashboard getstoragelensgroup listaccessgrants listaccessgrantsinstances
    listaccessgrantslocations listcalleraccessgrants listtagsforresource pausereplication
    putaccessgrantsinstanceresourcepolicy putaccesspointconfigurationforobjectlambda putaccesspointpolicy
    putaccesspointpolicyforobjectlambda putjobtagging putmultiregionaccesspointpolicy
    putstoragelensconfiguration putstoragelensconfigurationtagging submitmultiregionaccesspointroutes
    tagresource untagresource updateaccessgrantslocation updatejobpriority updatejobstatus
    updatestoragelensgroup
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_in_one_list_and_every_word_is_of_one() {
        let mut names: Vec<String> = documented_actions().map(|action| action.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert_eq!(documented_actions().filter(|action| action.word.is_some()).count(), WORDS.len());
        assert!(all > 150 && names.iter().all(|name| *name == name.to_lowercase()));
    }
}
