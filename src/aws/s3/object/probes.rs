//! What a session is really allowed, by requests that change nothing and move at most one byte.
//!
//! Invariant: nothing is written, tagged or deleted to find out whether it could be: those stay predictions.

use super::read::ReadRequest;
use crate::{
    aws::s3::S3,
    domain::{
        failure::Failure,
        listing::ListRequest,
        location::Location,
        object::{ByteRange, ObjectAddress},
    },
};

/// How a service answered.
#[derive(Debug, Clone)]
pub struct ObjectProbe {
    /// `HeadObject`.
    pub look: Result<(), Failure>,
    /// The first byte, of this version where one is named.
    pub read: Result<(), Failure>,
    /// A listing of one row, at the key.
    pub list: Result<(), Failure>,
}

impl S3 {
    /// Asks for an object's head, its first byte, and a listing of one row, at the same time.
    pub async fn probe_object(&self, address: &ObjectAddress) -> ObjectProbe {
        let byte = ReadRequest::new(address.clone(), ByteRange::first(1));
        let location = Location::new(&address.bucket, &address.key);
        let (look, read, list) =
            tokio::join!(self.head_object(address), self.read_bytes(&byte, 1), self.probe_location(&location));
        ObjectProbe { look: look.map(|_| ()), read: read.map(|_| ()), list }
    }

    /// Lists one row of a location.
    ///
    /// # Errors
    /// Whatever S3 says.
    pub async fn probe_location(&self, location: &Location) -> Result<(), Failure> {
        let request =
            ListRequest { location: location.clone(), delimited: true, max_keys: Some(1), ..ListRequest::default() };
        self.list_page(&request).await.map(|_| ())
    }
}
