import Foundation
import StepKit
import Testing
import Values

/// The handling of standard input, which all steps share.
struct StepInputTests {
  private static let step = program(of: "chargebee/customer-created")
  private static let event =
    #"{"event_type":"customer_created","content":{"customer":{"id":"cus_1"}}}"#
  private static let reply = #"{"outcome":"done","output":{"ids":{"chargebee":"cus_1"}}}"#

  @Test func stepAnswersDocumentsLineByLine() throws {
    let finished = try spawn(
      Self.step,
      text: [Self.event, "", Self.event, #"{"event_type":"x"}"#].joined(separator: "\n").utf8)
    #expect(
      finished.output.split(separator: "\n").map(String.init) == [
        Self.reply, Self.reply,
        #"{"outcome":"stop","reason":"the event is x, not customer_created"}"#,
      ])
    #expect(finished.status == 0)
  }

  @Test func stepAnswersDocumentOnSeveralLines() throws {
    let laidOut = Self.event.replacing(",", with: ",\n  ").replacing("{", with: "{\n  ")
    let finished = try spawn(Self.step, text: laidOut.utf8)
    #expect(finished.output == Self.reply + "\n")
  }

  @Test(arguments: Malformed.all)
  func stepRefusesMalformedInput(malformed: Malformed) throws {
    let finished = try spawn(Self.step, text: malformed.bytes)
    #expect(finished.status == 65)
    #expect(finished.output.isEmpty)
    #expect(finished.errors.hasSuffix("\n"))
    #expect(finished.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func stepAcceptsSixtyFourLevels() throws {
    let finished = try spawn(Self.step, text: (#"{"event_type":"x","a":"# + nested(63) + "}").utf8)
    #expect(finished.status == 0)
  }
}

/// Input that is not an invocation.
struct Malformed: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]

  init(_ what: String, _ text: String) {
    testDescription = what
    bytes = Array(text.utf8)
  }

  init(_ what: String, bytes: [UInt8]) {
    testDescription = what
    self.bytes = bytes
  }

  static let all = [
    Malformed("nothing", ""),
    Malformed("a list", "[]"),
    Malformed("a text", #""event""#),
    Malformed("no JSON", "event"),
    Malformed("half a document", #"{"event_type":"#),
    Malformed("two equal keys", #"{"id":1,"id":1}"#),
    Malformed("a trailing comma", #"{"id":[1,]}"#),
    Malformed("a bomb of brackets", String(repeating: "[", count: 100_000)),
    Malformed("65 levels", #"{"a":"# + nested(64) + "}"),
    Malformed("a lone surrogate", #"{"a":"\ud800"}"#),
    Malformed("an infinite number", #"{"a":1e999}"#),
    Malformed("a word that is no number", #"{"a":NaN}"#),
    Malformed("a byte order mark", "\u{FEFF}{}"),
    Malformed("answers of the wrong shape", #"{"input":{},"answers":[]}"#),
    Malformed("bytes that are no UTF-8", bytes: [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D]),
  ]
}

private func nested(_ levels: Int) -> String {
  String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
}
