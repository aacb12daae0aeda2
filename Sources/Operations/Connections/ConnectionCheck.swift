import Catalog
import Dispatcher
public import Setup
import StepKit
public import Values

/// The permissions of a key and the validity of settings, as far as harmless reads show.
public struct ConnectionCheck: Sendable {
  /// The result for the value of a setting.
  public struct Finding: Sendable, Equatable {
    /// The label and the value of the setting.
    public let subject: String
    /// What it is, or what is wrong.
    public let words: String
    /// Whether it can be used.
    public let isGood: Bool
  }

  /// The labels of what the key may read.
  public internal(set) var mayRead: [String] = []
  /// The labels of what the key may not read.
  public internal(set) var mayNotRead: [String] = []
  /// The labels of failed reads, with the reason.
  public internal(set) var unknown: [String] = []
  /// The results for settings.
  public internal(set) var findings: [Finding] = []
}

extension Registry {
  /// Makes each read that `app.json` declares, once.
  public func examine(_ name: String, clock: WallClock = .system) throws(Problem) -> ConnectionCheck
  {
    let connection = try connections.get(name)
    let caller = APIClient(home: home, clock: clock)
    var check = ConnectionCheck()
    for probe in connection.app.probes {
      guard let effect = probe.effect(for: connection) else { continue }
      switch try caller.send(effect, through: connection, key: nil) {
      case .notSent(let reason), .inDoubt(let reason):
        check.unknown.append("\(probe.label): \(reason)")
      case .answered(let answer, _): check.note(answer, of: probe, connection)
      }
    }
    return check
  }
}

extension ConnectionCheck {
  fileprivate mutating func note(
    _ answer: Answer, of probe: ProbeSpec, _ connection: Connection
  ) {
    if let look = probe.look, answer.isSuccess || answer.status == 404 {
      let subject = "\(probe.label) \(connection.settings[look.setting].nonBlank ?? "")"
      let missing = (isGood: false, words: "is not there")
      let found = answer.isSuccess ? look.judge(answer.value) : missing
      findings.append(Finding(subject: subject, words: found.words, isGood: found.isGood))
    } else if answer.isSuccess {
      mayRead.append(probe.label)
    } else if answer.status == 401 || answer.status == 403 {
      mayNotRead.append(probe.label)
    } else {
      unknown.append("\(probe.label): answered \(answer.status ?? 0)")
    }
  }
}

extension ProbeSpec {
  /// The request for a connection; nil if it has no value to look up.
  fileprivate func effect(for connection: Connection) -> HTTPEffect? {
    if let look, connection.settings[look.setting].nonBlank == nil { return nil }
    let path = path.filling { connection.filled("{\($0)}").percentEncoded }
    return HTTPEffect(name: "probe", method: .get, path: path, query: query)
  }
}

extension ProbeSpec.Look {
  /// Judges a thing that was found.
  fileprivate func judge(_ found: JSON) -> (isGood: Bool, words: String) {
    let what = words.filling { found[path: $0].nonBlank ?? "?" }
    if let member, let wanted, found[path: member].nonBlank != wanted {
      return (false, "\(what): it must be \(wanted)")
    }
    guard let use = found[path: by].nonBlank.flatMap({ fits[$0] }) else {
      return (false, "\(what): no flow knows what to do with it")
    }
    return (true, "\(what): \(use)")
  }
}
