import Testing
import Values

struct TextTests {
  @Test(arguments: [
    ("a", "a"), (" a b ", "a b"), ("\u{A0}a\u{2003}", "a"), ("\r\na\r\n", "a"), ("é", "é"),
    ("a\u{301} ", "a\u{301}"), ("\u{301}a", "\u{301}a"), ("a\u{7F}", "a\u{7F}"),
  ])
  func nonBlankTrimsWhitespace(text: String, trimmed: String) {
    #expect(text.nonBlank == trimmed)
  }

  @Test(arguments: ["", " ", "\n\t\u{A0}"])
  func nonBlankIsNilForWhitespace(text: String) { #expect(text.nonBlank == nil) }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abc", 2, "ab"), ("a\nb", 3, "a b"), ("a\u{7F}\u{85}b", 9, "a  b"),
    ("éé", 1, "é"), ("e\u{301}e", 2, "e\u{301}"), ("", 0, ""), ("a b", 3, "a b"),
  ])
  func truncationKeepsScalarsWhole(text: String, most: Int, truncated: String) {
    #expect(Array(text.truncated(to: most).utf8) == Array(truncated.utf8))
  }

  @Test func truncationReplacesControlCharacters() {
    #expect("a\u{0}b\nc".truncated(to: 4) == "a b ")
    #expect("éé".truncated(to: 1) == "é")
  }

  @Test func shorteningIsDeterministicAndKeepsLongTextsApart() {
    let long = String(repeating: "x", count: 60)
    #expect(long.shortened(to: 50).count == 50)
    #expect(long.shortened(to: 50) == long.shortened(to: 50))
    #expect(long.shortened(to: 50) != (long + "y").shortened(to: 50))
    #expect("short".shortened(to: 50) == "short")
  }

  @Test func percentEncodingKeepsUnreservedCharacters() {
    #expect("a/b c~é.".percentEncoded == "a%2Fb%20c~%C3%A9.")
  }

  @Test func fingerprintMatchesFNVTestVectors() {
    #expect(Fingerprint(of: "".utf8).text == "6c62272e07bb014262b821756295c58d")
    #expect(Fingerprint(of: "a".utf8).text == "d228cb696f1a8caf78912b704e4a8964")
  }
}
