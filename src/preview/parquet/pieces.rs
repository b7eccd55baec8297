//! The windows of a request joined where they touch.

use crate::preview::request::{ContentWindow, PreviewRequest};

/// Bytes of an object, with gaps.
#[derive(Debug)]
pub(super) struct ObjectPieces(Vec<ContentWindow>);

impl ObjectPieces {
    pub(super) fn of(request: &PreviewRequest) -> Self {
        let mut windows: Vec<&ContentWindow> = request.windows.iter().collect();
        windows.sort_by_key(|window| window.offset);
        let mut pieces: Vec<ContentWindow> = vec![];
        for window in windows {
            match pieces.last_mut() {
                Some(last) if window.offset <= last.end() => {
                    let known = usize::try_from(last.end() - window.offset).unwrap_or(usize::MAX);
                    last.bytes.extend(window.bytes.iter().skip(known));
                }
                _ => pieces.push(window.clone()),
            }
        }
        Self(pieces)
    }

    /// What was read from `offset` on, up to the first gap.
    pub(super) fn from(&self, offset: u64) -> &[u8] {
        let holds = |piece: &&ContentWindow| piece.offset <= offset && offset < piece.end();
        let Some(piece) = self.0.iter().find(holds) else { return &[] };
        usize::try_from(offset - piece.offset).ok().and_then(|start| piece.bytes.get(start..)).unwrap_or_default()
    }

    /// How many bytes were read in all.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().map(|piece| piece.bytes.len() as u64).sum()
    }
}
