public import Setup
import StepKit
public import Values

/// All ids that one customer has, with those of the accounts that belong to it: by them a run is known
/// to be about it.
public struct CustomerIDs: Sendable {
  /// Each as `<scope>/<id>`.
  private let places: Set<String>

  /// The customer that has this id, in this account, as the ID mapping knows it.
  ///
  /// One that the mapping does not know has this id only.
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

  /// Whether a run is about the customer: its event is, or what one of its steps gave; `scopes` has the
  /// account behind each app of its flow connection.
  func isSubject(of run: Run, _ scopes: [String: String]) -> Bool {
    let lane = run.lane.split(separator: "|", maxSplits: 1).first.map(String.init) ?? run.lane
    if places.contains(run.lane) || places.contains(lane) { return true }
    return run.outputs.contains { output in
      Self.ids(in: output).contains { app, id in
        scopes[app].map { places.contains("\($0)/\(id)") } ?? false
      }
    }
  }

  /// Whose ids a noun holds: a payment's customer and an invoice's are within, a customer's are its own.
  private static func ids(in noun: JSON) -> [(app: String, id: String)] {
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
