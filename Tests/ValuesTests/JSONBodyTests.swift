import Foundation
import Testing
import Values

/// The outline accepts no document that the reader refuses, and finds the same values.
@Suite struct JSONBodyTests {
  private static let paths = ["id", "content.customer.id", "content.customer", "content.x.id"]

  private static let document = """
    {"id": "ev_1", "n": [-0.5, 10, {"id": 7}, []], "t": true, "f": false, "z": null, "é": {},
     "content": {"customer": {"id": "c\\"\\/ü", "o": {}}, "x": []}}
    """

  @Test func pathsFindValues() throws {
    let body = try JSONBody(
      parsing: Array(#" {"a":{"id":2},"id":"ev_1","content":{"customer":{"id":"c\"ü"}}} "#.utf8),
      paths: Self.paths)
    #expect(body[path: "id"] == "ev_1")
    #expect(body[path: "content.customer.id"] == "c\"ü")
    #expect(body[path: "content.customer"] == ["id": "c\"ü"])
    #expect(body[path: "content.x.id"].isNull)
    #expect(
      body.bytes == Array(#"{"a":{"id":2},"id":"ev_1","content":{"customer":{"id":"c\"ü"}}}"#.utf8))
  }

  @Test func bodyIsOneLineWithCanonicalBytes() throws {
    let laidOut = try JSONBody(parsing: Array("{\n \"b\": 1,\r\n \"a\": 2\n}".utf8), paths: [])
    let plain = try JSONBody(parsing: Array(#"{"a":2, "b":1}"#.utf8), paths: [])
    #expect(laidOut.bytes == Array(#"{"a":2,"b":1}"#.utf8))
    #expect(laidOut.canonical() == plain.canonical())
  }

  @Test(arguments: [
    #"{"a":1,"a":2}"#, #"{"a":1,}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":-}"#, #"{"a":.5}"#,
    #"{"a":1e999}"#, #"{"a" 1}"#, #"{"a":tru}"#, #"{"a":"\x"}"#, "{\"a\":\"\u{1}\"}", #"{"a":"b}"#,
    #"{"a":1}}"#, #"{"a":1} x"#, #"{"a":[1,]}"#, #"{"a":[1"#, #"{a:1}"#, "{\"a\":\u{B}1}", "{", "",
    #"{"e\u0301":1,"e\u0301":2}"#, #"{"o":{"x":1,"y":2,"x":3}}"#, #"{"a":"\ud800"}"#, "\u{FEFF}{}",
  ])
  func invalidDocumentIsRefused(document: String) {
    #expect(throws: JSONError.self) {
      try JSONBody(parsing: Array(document.utf8), paths: Self.paths)
    }
  }

  @Test func deepOrInvalidUTF8DocumentIsRefused() {
    let deep = #"{"a":"# + String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(throws: JSONError.self) { try JSONBody(parsing: Array((deep + "}").utf8), paths: []) }
    let broken = Array(#"{"a":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    #expect(throws: JSONError.self) { try JSONBody(parsing: broken, paths: []) }
  }

  @Test func outlineAgreesWithReaderOnMutations() throws {
    let whole = Array(Self.document.utf8)
    for index in whole.indices {
      for byte in Array("{}[]\",:\\ 0e-t\n".utf8) + [0x00, 0x80, 0xC3] {
        for changed in [
          whole[..<index] + [byte] + whole[(index + 1)...],
          whole[..<index] + [byte] + whole[index...],
          whole[..<index] + whole[(index + 1)...],
        ] {
          try expectSame(Array(changed))
        }
      }
    }
  }

  private func expectSame(_ bytes: [UInt8]) throws {
    let value = try? JSON(parsing: bytes)
    let body = try? JSONBody(parsing: bytes, paths: Self.paths)
    #expect((value == nil) == (body == nil))
    guard let value, let body else { return }
    #expect(body.isObject == (value.object != nil))
    for path in Self.paths { #expect(body[path: path] == value[path: path]) }
    #expect(body.canonical() == value.bytes)
  }
}
