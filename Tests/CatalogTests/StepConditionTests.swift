import StepKit
import Testing
import Values

@testable import Catalog

/// The `if` member of a flow's file.
struct StepConditionTests {
  private static let document: JSON = [
    "currency": "USD", "total": .number(Numeral(12)), "email": .null,
    "lines": [["kind": "usage"], ["kind": "tax"]],
  ]

  @Test(arguments: [
    (#"{"path":"currency","equals":"USD"}"#, true), (#"{"path":"currency","equals":"usd"}"#, false),
    (#"{"path":"total","equals":12.0}"#, true), (#"{"path":"total","equals":"12"}"#, false),
    (#"{"path":"currency","oneOf":["EUR","USD"]}"#, true),
    (#"{"path":"currency","oneOf":["EUR"]}"#, false),
    (#"{"path":"email","exists":true}"#, false), (#"{"path":"email","exists":false}"#, true),
    (#"{"path":"nobody.there","exists":true}"#, false),
    (#"{"path":"email","equals":null}"#, true),
    (#"{"path":"lines.1.kind","equals":"tax"}"#, true),
    (#"{"path":"lines.2.kind","exists":true}"#, false),
    (#"{"path":"lines.-1.kind","exists":true}"#, false),
    (#"{"and":[{"path":"currency","equals":"USD"},{"path":"email","exists":true}]}"#, false),
    (#"{"or":[{"path":"currency","equals":"USD"},{"path":"email","exists":true}]}"#, true),
    (#"{"not":{"path":"currency","equals":"USD"}}"#, false),
  ])
  func conditionHoldsForADocument(text: String, isSo: Bool) throws {
    let condition = try #require(try condition(text))
    #expect(condition.holds(for: Self.document) == isSo)
    #expect(try condition.json == JSON(parsing: text))
  }

  @Test func conditionIsDescribedInWords() throws {
    let text =
      #"{"and":[{"path":"a","equals":1},{"or":[{"path":"b","exists":false},{"not":{"path":"c","oneOf":["x",2]}}]}]}"#
    #expect(
      try condition(text)?.text == #"a is 1 and (b is not there or not (c is one of "x", 2))"#)
  }

  @Test(arguments: [
    (#"{"path":"a"}"#, "not {path}"), (#"{"equals":1}"#, "not {equals}"), ("{}", "not {}"),
    (#"{"and":[]}"#, #""and" must hold at least one condition"#),
    (#"{"and":[{"path":"a","exists":"yes"}]}"#, #"if, and[0]: "exists" is true or false"#),
    (#"{"path":"a","oneOf":[]}"#, #""oneOf" must be a list"#),
    (#"{"path":"","equals":1}"#, #""path" must be a text"#),
    (#"{"path":"a","equals":1,"exists":true}"#, "not {equals, exists, path}"),
    (#"{"script":"1 == 1"}"#, "not {script}"), ("[]", #""if" must be an object"#),
  ])
  func invalidConditionIsRefusedWithItsPlace(text: String, reason: String) throws {
    let faults = try testCatalog().faults(inFlow: "own", try flow(text))
    #expect(faults.count == 1)
    #expect(faults.first?.contains(reason) == true, "\(faults)")
    #expect(faults.first?.hasPrefix("flow own, then[0]") == true, "\(faults)")
  }

  // MARK: Private

  private func flow(_ condition: String) throws -> JSON {
    try JSON(
      parsing:
        #"{"name":"Own","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"beta/take","if":\#(condition)}]}"#
    )
  }

  private func condition(_ text: String) throws -> StepCondition? {
    try testCatalog().flow("own", flow(text)).parts.last?.condition
  }
}
