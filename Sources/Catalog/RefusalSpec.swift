import StepKit
public import Values

/// The error codes in the bodies of answers of status 2xx.
public struct RefusalSpec: Sendable {
  private let member: String
  private let good: Int
  private let statuses: [Int: Int]

  init(_ facts: ObjectReader) throws(Problem) {
    member = try facts.text("member")
    guard let good = facts.json["good"].int else { throw facts.wrong("good", "is a number") }
    self.good = good
    var statuses: [Int: Int] = [:]
    for (code, status) in facts.json["statuses"].object ?? [:] {
      guard let number = Int(code), let status = status.int, (400...599).contains(status) else {
        throw facts.wrong("statuses", "are statuses of errors by number")
      }
      statuses[number] = status
    }
    self.statuses = statuses
  }

  /// The status of an answer, or that of the error in its body.
  public func status(_ status: Int, _ body: JSON) -> Int {
    guard (200..<300).contains(status), let code = body[member].int, code != good else {
      return status
    }
    return statuses[code] ?? 400
  }
}
