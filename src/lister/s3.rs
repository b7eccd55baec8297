//! S3 as the source of pages.
//!
//! Invariant: the listing uses these credentials and no others; it ends when they expire.

use std::time::Duration;

use super::pages::Pages;
use crate::{
    aws::S3,
    domain::{
        failure::Failure,
        listing::{ListRequest, Page, RequestCounter, TokenListener},
    },
};

impl Pages for S3 {
    async fn get_page(
        &self,
        request: ListRequest,
        early: Option<TokenListener>,
        sent: &RequestCounter,
    ) -> Result<Page, Failure> {
        self.list_telling(&request, early, sent).await
    }

    async fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) {
        Self::sit_out(self, wait, failure, attempt).await;
    }

    async fn wait_for_renewal(&self, ended: Failure) -> Result<(), Failure> {
        Err(ended)
    }
}
