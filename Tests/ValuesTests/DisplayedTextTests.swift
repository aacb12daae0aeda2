import Testing
import Values

/// Texts of strangers neither forge lines nor control a terminal.
struct DisplayedTextTests {
  @Test(arguments: [
    ("a\nb\r\tc", #"a\nb\r\tc"#),
    ("\u{1B}[2J\u{1B}]8;;http://x\u{7}", #"\u{1b}[2J\u{1b}]8;;http://x\u{7}"#),
    ("\u{9B}31m\u{85}", #"\u{9b}31m\u{85}"#), ("\u{202E}abc\u{2066}", #"\u{202e}abc\u{2066}"#),
    ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
    ("a\u{200B}\u{FEFF}\u{AD}", #"a\u{200b}\u{feff}\u{ad}"#),
    ("\u{E0041}\u{F8FF}\u{7F}\u{0}", #"\u{e0041}\u{f8ff}\u{7f}\u{0}"#),
  ])
  func hiddenCharactersAreEscaped(text: String, shown: String) throws {
    #expect(text.displayed() == shown)
    let json = JSON.object([text: .array([.string(text)])])
    #expect(try JSON(parsing: json.displayedText) == json)
    #expect(json.displayedText.displayed() == json.displayedText)
  }

  @Test(arguments: ["Zürich 東京 עברית", "👩‍💻 ✓ …", "", #"C:\n"#])
  func otherTextStays(text: String) {
    #expect(text.displayed() == text)
    #expect(JSON.string(text).displayedText == JSON.string(text).text)
  }

  @Test func pageKeepsItsLines() {
    #expect("a\n\tb\u{1B}".displayed(isPage: true) == "a\n\tb\\u{1b}")
  }

  @Test func faultsOfAListHaveALineEach() {
    let problem = Problem(.data, faults: ["a\nb", "c"])
    #expect(problem.lines == ["a\\nb", "c"])
    #expect(Problem(.data, "a\nb").lines == ["a\nb"])
  }
}
