//! Writes the XML of replies.
//!
//! Invariant: whatever the text, the result can be read back to it. Control characters become character references, as
//! S3 writes them, though XML 1.0 has no place for most of them: a client that wants none asks for `encoding-type=url`.

/// A document under construction.
pub(crate) struct Xml(String);

impl Xml {
    /// A document whose root element is `root` in `namespace` (none where empty), filled by `content`.
    pub(crate) fn document(root: &str, namespace: &str, content: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<"));
        xml.push(&[root]);
        if !namespace.is_empty() {
            xml.push(&[" xmlns=\"", namespace, "\""]);
        }
        xml.push(&[">"]);
        content(&mut xml);
        xml.push(&["</", root, ">"]);
        xml.0
    }

    /// An element holding elements.
    pub(crate) fn parent_element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.parent_element_with(name, "", content);
    }

    /// An element with attributes, holding elements; `attributes` are written as they are, after their blank.
    pub(crate) fn parent_element_with(&mut self, name: &str, attributes: &str, content: impl FnOnce(&mut Self)) {
        self.push(&["<", name, attributes, ">"]);
        content(self);
        self.push(&["</", name, ">"]);
    }

    /// An element holding text.
    pub(crate) fn text_element(&mut self, name: &str, text: &str) {
        self.parent_element(name, |xml| xml.push_text(text));
    }

    /// An element holding text, where there is one.
    pub(crate) fn optional_element(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text_element(name, text);
        }
    }

    /// Text of the element that is open.
    pub(crate) fn push_text(&mut self, mut text: &str) {
        // Every special character is one byte of ASCII, so what is around it is whole.
        while let Some(at) = text.bytes().position(|byte| byte < b' ' || b"&<>\"\x7f".contains(&byte)) {
            let (plain, special) = (&text[..at], text.as_bytes()[at]);
            self.push(&[plain]);
            match special {
                b'&' => self.push(&["&amp;"]),
                b'<' => self.push(&["&lt;"]),
                b'>' => self.push(&["&gt;"]),
                b'"' => self.push(&["&quot;"]),
                control => self.push(&[&format!("&#x{control:x};")]),
            }
            text = &text[at + 1..];
        }
        self.push(&[text]);
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.0.push_str(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_written_as_references() {
        let xml =
            Xml::document("A", "urn:a", |xml| xml.parent_element("B", |xml| xml.text_element("C", "a<b>&\"\u{1}\té")));
        assert!(xml.ends_with("<A xmlns=\"urn:a\"><B><C>a&lt;b&gt;&amp;&quot;&#x1;&#x9;é</C></B></A>"), "{xml}");
    }
}
