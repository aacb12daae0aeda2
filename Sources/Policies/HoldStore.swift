import Records
public import Setup
import Store
public import Values

/// The held changes of a home, and what operators say of them.
public struct HoldStore: Sendable {
  private let home: Home

  /// The held changes of a home.
  public init(home: Home) { self.home = home }

  /// All held changes of open runs, in the order of the runs.
  public func all() throws(Problem) -> [Hold] {
    var holds: [Hold] = []
    for (key, document) in try home.documents(below: StoreKey.hold.prefix)
    where try home.text(at: StoreKey.open.key(StoreKey.hold.name(in: key))) != nil {
      holds.append(try Hold(json: document))
    }
    return holds
  }

  /// The held change of a run.
  ///
  /// - Throws: A `noInput` problem if there is none.
  public func hold(of run: String) throws(Problem) -> Hold {
    guard try home.text(at: StoreKey.open.key(run)) != nil,
      let document = try home.document(at: StoreKey.hold.key(run))
    else { throw Self.missing(run) }
    return try Hold(json: document)
  }

  private static func missing(_ run: String) -> Problem {
    Problem(
      .noInput, "run \(run) has no held change; `meterbridge approval list` shows those there are")
  }

  /// Lets a held change go, and its run with it if that is enough.
  ///
  /// With a digest, or the beginning of one, it must be that of the change: what the operator has seen.
  ///
  /// - Returns: The change with its grants.
  /// - Throws: A `refused` problem if a person cannot let it go, has done so already or has seen other
  ///   bytes; `noInput` if there is none.
  public func grant(
    _ run: String, by person: String, note: String? = nil, digest: String? = nil, now: Timestamp
  ) throws(Problem) -> Hold {
    try change(run, digest) { (hold) throws(Problem) in
      guard hold.cause.isGrantable else {
        throw Problem(.refused, "run \(run) cannot be let go by a grant: \(hold.reason)")
      }
      guard !hold.grants(at: now).contains(where: { $0.by == person }) else {
        throw Problem(
          .refused,
          "\(person) has granted run \(run) already"
            + (hold.isGranted(at: now) ? "" : "; another operator must grant it too"))
      }
      let until = now.adding(seconds: hold.grantHours * 3600)
      let grant = Hold.Voice(by: person, at: now, until: until, note: note)
      hold.grants = hold.grants(at: now) + [grant]
      hold.refusal = nil
    } due: { hold in
      hold.isGranted(at: now) ? now : nil
    }
  }

  /// Refuses a held change: its run ends as not synced, with the reason.
  ///
  /// - Returns: The change, refused.
  /// - Throws: As ``grant(_:by:note:digest:now:)``.
  public func refuse(
    _ run: String, by person: String, reason: String, digest: String? = nil, now: Timestamp
  ) throws(Problem) -> Hold {
    try change(run, digest) { (hold) throws(Problem) in
      hold.grants = []
      hold.refusal = Hold.Voice(by: person, at: now, until: nil, note: reason)
    } due: { _ in
      now
    }
  }

  /// Changes a held change, and makes its run due if that is told.
  ///
  /// A process that executes the runs is asked to go on; after a crash, the run is due.
  private func change(
    _ run: String, _ digest: String?, _ body: (inout Hold) throws(Problem) -> Void,
    due: (Hold) -> Timestamp?
  ) throws(Problem) -> Hold {
    let (key, runKey) = (StoreKey.hold.key(run), StoreKey.run.key(run))
    return try home.transact { (transaction) throws(Problem) in
      guard let text = try home.text(at: key), let own = try home.text(at: runKey),
        try home.text(at: StoreKey.open.key(run)) != nil
      else { throw Self.missing(run) }
      var hold = try Hold(json: Home.document(in: text, at: key))
      guard digest.map(hold.digest.hasPrefix) ?? true else {
        throw Problem(
          .refused, "run \(run) asks for something else now; `meterbridge approval show \(run)`")
      }
      try body(&hold)
      transaction.changes = [hold.put]
      transaction.conditions = [.equals(key, text), .equals(runKey, own)]
      guard let due = due(hold) else { return hold }
      var known = try Run(json: Home.document(in: own, at: runKey))
      known.due = min(known.due, due)
      transaction.changes += [known.update, RunRequest(.retry, run, by: nil).put]
      return hold
    }
  }
}
