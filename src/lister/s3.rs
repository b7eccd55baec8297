//! S3 as what is asked for pages.
//!
//! Invariant: with these credentials and no others: when they are over, so is the listing.

use std::time::Duration;

use super::pages::Pages;
use crate::{
    aws::S3,
    domain::{
        failure::Failure,
        listing::{ListRequest, Page, TokenListener},
    },
};

impl Pages for S3 {
    async fn page(&self, request: ListRequest, early: Option<TokenListener>) -> Result<Page, Failure> {
        self.list_telling(&request, early).await
    }

    async fn sit_out(&self, wait: Duration, failure: &Failure, attempt: u32) {
        Self::sit_out(self, wait, failure, attempt).await;
    }

    async fn renewed(&self, ended: Failure) -> Result<(), Failure> {
        Err(ended)
    }
}
