//! Writes the XML of replies.
//!
//! Invariant: whatever the text, the result can be read back to it. Control characters become character references, as
//! S3 writes them, though XML 1.0 has no place for most of them: a client that wants none asks for `encoding-type=url`.

use std::fmt::Write as _;

/// A document under construction.
pub(crate) struct Xml(String);

impl Xml {
    /// A document whose root element is `root` in `namespace` (none where empty), filled by `content`.
    pub(crate) fn document(root: &str, namespace: &str, content: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
        if namespace.is_empty() {
            let _infallible = write!(xml.0, "<{root}>");
        } else {
            let _infallible = write!(xml.0, "<{root} xmlns=\"{namespace}\">");
        }
        content(&mut xml);
        let _infallible = write!(xml.0, "</{root}>");
        xml.0
    }

    /// An element holding elements.
    pub(crate) fn group(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        let _infallible = write!(self.0, "<{name}>");
        content(self);
        let _infallible = write!(self.0, "</{name}>");
    }

    /// An element holding text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        let _infallible = write!(self.0, "<{name}>");
        self.content(text);
        let _infallible = write!(self.0, "</{name}>");
    }

    /// An element holding text, where there is one.
    pub(crate) fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Text of the element that is open.
    pub(crate) fn content(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                control if control < ' ' || control == '\u{7f}' => {
                    let _infallible = write!(self.0, "&#x{:x};", u32::from(control));
                }
                other => self.0.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_written_as_references() {
        let xml = Xml::document("A", "urn:a", |xml| xml.group("B", |xml| xml.text("C", "a<b>&\"\u{1}\té")));
        assert!(xml.ends_with("<A xmlns=\"urn:a\"><B><C>a&lt;b&gt;&amp;&quot;&#x1;&#x9;é</C></B></A>"), "{xml}");
    }
}
