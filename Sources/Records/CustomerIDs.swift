public import Setup
import StepKit
public import Values

/// All ids of one customer and its accounts, by which its runs are recognized.
public struct CustomerIDs: Sendable {
  /// Each as `<scope>/(<id>)`, with the id percent-encoded, so that all of its bytes count.
  private let places: Set<String>

  /// Reads the ids of a customer from the ID mapping; an unknown customer has the given id only.
  public init(_ scope: String, _ id: String, in home: Home) throws(Problem) {
    let links = Links(home: home)
    var places: Set = [Self.place(scope, id)]
    var open = [(scope, id)]
    while let (scope, id) = open.popLast() {
      for kind in [Kind.customer, .account] {
        for (scope, id) in try links.row(kind, anyOf: [scope: id])?.ids ?? [:]
        where places.insert(Self.place(scope, id)).inserted {
          open.append((scope, id))
        }
      }
    }
    self.places = places
  }

  /// The ids, one of which is in the record of each run about the customer.
  var ids: [String] {
    places.map { place in
      let id = String(place.drop { $0 != "/" }.dropFirst())
      return id.percentDecoded ?? id
    }
  }

  /// Whether the event of a run or the output of a step is about the customer; `scopes` are the accounts
  /// of the apps of its flow connection.
  func isSubject(of run: Run, _ scopes: [String: String]) -> Bool {
    let lane = run.lane.split(separator: "|", maxSplits: 1).first.map(String.init) ?? run.lane
    // A lane has the id as it came or, if that is not ASCII, encoded
    for lane in [run.lane, lane]
    where places.contains(lane) || places.contains(Self.place(lane: lane)) {
      return true
    }
    return run.outputs.contains { output in
      Self.ids(in: output).contains { app, id in
        scopes[app].map { places.contains(Self.place($0, id)) } ?? false
      }
    }
  }

  private static func place(_ scope: String, _ id: String) -> String {
    "\(scope)/\(id.percentEncoded)"
  }

  /// The place of a lane, which is `<scope>/<id>` as it came.
  private static func place(lane: String) -> String {
    let parts = lane.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return place(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
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
