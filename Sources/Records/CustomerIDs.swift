public import Setup
import StepKit
public import Values

/// All ids of one customer and its accounts, by which its runs are recognized.
public struct CustomerIDs: Sendable {
  /// Each as `<scope>/<id>`.
  private let places: Set<String>

  /// Reads the ids of a customer from the ID mapping; an unknown customer has the given id only.
  public init(_ scope: String, _ id: String, in home: Home) throws(Problem) {
    let links = Links(home: home)
    var places: Set<String> = ["\(scope)/\(id)"]
    var open = [(scope, id)]
    while let (scope, id) = open.popLast() {
      for kind in [Kind.customer, .account] {
        for (scope, id) in try links.row(kind, anyOf: [scope: id])?.ids ?? [:]
        where places.insert("\(scope)/\(id)").inserted {
          open.append((scope, id))
        }
      }
    }
    self.places = places
  }

  /// Whether the event of a run or the output of a step is about the customer; `scopes` are the accounts
  /// of the apps of its flow connection.
  func isSubject(of run: Run, _ scopes: [String: String]) -> Bool {
    let lane = run.lane.split(separator: "|", maxSplits: 1).first.map(String.init) ?? run.lane
    if places.contains(run.lane) || places.contains(lane) { return true }
    return run.outputs.contains { output in
      Self.ids(in: output).contains { app, id in
        scopes[app].map { places.contains("\($0)/\(id)") } ?? false
      }
    }
  }

  /// The ids of the customer in a noun: a payment and an invoice contain theirs, a customer is its own.
  static func ids(in noun: JSON) -> [(app: String, id: String)] {
    let within = noun["customer"]
    let customer = within.isNull ? noun : within["ids"].isNull ? ["ids": within] : within
    var ids = (customer["ids"].object ?? [:]).compactMap { app, id in
      id.string.map { (app: app, id: $0) }
    }
    if let source = customer["source"].string, let account = customer["account"].string {
      ids.append((source, account))
    }
    return ids
  }
}
