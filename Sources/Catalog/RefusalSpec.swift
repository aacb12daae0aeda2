import StepKit
public import Values

/// The errors in the bodies of answers of status 2xx.
///
/// `member` of a body has the value `good` if there is no error. The code of an error is the member
/// `code`, or `member` itself, and `statuses` has the HTTP status that it stands for, else 400.
public struct RefusalSpec: Sendable {
  private let member: String
  private let good: JSON
  private let code: String
  private let statuses: [String: Int]

  init(_ facts: ObjectReader) throws(Problem) {
    member = try facts.text("member")
    good = facts.json["good"]
    guard good.int != nil || good.bool != nil else {
      throw facts.wrong("good", "is a number, true or false")
    }
    code = facts.optionalText("code") ?? member
    var statuses: [String: Int] = [:]
    for (code, status) in facts.json["statuses"].object ?? [:] {
      guard let status = status.int, (400...599).contains(status) else {
        throw facts.wrong("statuses", "are statuses of errors by code")
      }
      statuses[code] = status
    }
    self.statuses = statuses
  }

  /// The status of an answer, or that of the error in its body.
  public func status(_ status: Int, _ body: JSON) -> Int {
    guard (200..<300).contains(status), isRefusal(body[member]) else { return status }
    return statuses[body[code].string ?? body[code].text] ?? 400
  }

  private func isRefusal(_ value: JSON) -> Bool {
    if let good = good.int { return value.int.map { $0 != good } ?? false }
    return value.bool.map { $0 != good.bool } ?? false
  }
}
