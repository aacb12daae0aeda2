import Catalog
import FoundationEssentials
public import Policies
import Records
import Requests
public import Setup
import StepKit
public import Values

/// A held change as it is shown: with the request as it will be sent.
///
/// It has no personal data if the home redacts it, and no secrets, since those are added when it is sent.
public struct ShownHold: Sendable {
  /// The held change.
  public let hold: Hold
  /// The customer as account and id, such as `chargebee:acme/cus_1`; nil if no step has named one.
  public let customer: String?
  /// The method and the path of the request, or the address of the mail.
  public let request: String
  /// The body as it will be sent, or the text of the mail; nil without one.
  public let body: String?
  /// The operators whose grants hold now.
  public let grantedBy: [String]

  /// A held change as it is shown at a time.
  ///
  /// - Throws: A `noInput` problem if its run or its connection is gone.
  public init(_ hold: Hold, in registry: Registry, at now: Timestamp) throws(Problem) {
    self.hold = hold
    let run = try RunStore(home: registry.home).run(hold.run)
    let whole = RunEffect(step: hold.index, name: "held", record: ["effect": hold.effect])
    let (shown, effects) = try Redactor(home: registry.home).shown(run, [whole])
    customer = RunSubject(of: shown).customer
    let effect = effects[0].record["effect"]
    let (http, mail) = (effect["http"], effect["mail"])
    if mail.isNull {
      let app = try registry.connections.get(hold.connection).app
      request = "\(http["method"].string ?? "") \(http["path"].string ?? "")"
      body = http["body"].isNull ? nil : RequestEncoding.body(http["body"], app.http)
    } else {
      request = "mail \(mail["to"].string ?? "")"
      body = "\(mail["subject"].string ?? "")\n\n\(mail["text"].string ?? "")"
    }
    grantedBy = hold.grants(at: now).map(\.by)
  }

  /// All held changes of a home, the oldest first.
  public static func all(in registry: Registry, at now: Timestamp) throws(Problem) -> [ShownHold] {
    try HoldStore(home: registry.home).all().sorted { ($0.since, $0.run) < ($1.since, $1.run) }
      .map { (hold) throws(Problem) in try ShownHold(hold, in: registry, at: now) }
  }

  /// The sums of amounts by currency, such as `12.5 USD`.
  public static func sums(of holds: [ShownHold]) -> [String] {
    var sums: [String: Money] = [:]
    for money in holds.compactMap(\.hold.money) {
      sums[money.currency] = Money(
        (sums[money.currency]?.amount ?? 0) + money.amount, money.currency)
    }
    return sums.values.sorted { $0.currency < $1.currency }.map(\.text)
  }

  /// What `approval show --json` prints.
  public var json: JSON {
    .members([
      "run": .string(hold.run), "flowConnection": .string(hold.flowConnection),
      "step": .string(hold.step), "connection": .string(hold.connection),
      "customer": .text(customer), "kind": .string(hold.kind),
      "amount": .text(hold.money?.text), "request": .string(request), "body": .text(body),
      "digest": .string(hold.digest), "cause": .string(hold.cause.rawValue),
      "reason": .string(hold.reason), "grantable": .bool(hold.cause.isGrantable),
      "since": .string(hold.since.text), "until": .text(hold.until?.text),
      "approvals": .int(hold.approvals), "grantHours": .int(hold.grantHours),
      "grantedBy": .texts(grantedBy), "refusedBy": .text(hold.refusal?.by),
    ])
  }
}
