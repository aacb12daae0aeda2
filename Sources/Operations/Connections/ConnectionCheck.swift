import Catalog
import Dispatcher
public import Setup
import StepKit
public import Values

/// What a connection's key may do, and whether its settings are right, as far as harmless reads show.
public struct ConnectionCheck: Sendable {
  /// What was found of a setting's value.
  public struct Finding: Sendable, Equatable {
    /// The setting's name for people, and its value.
    public let subject: String
    /// What it is, or what is wrong with it.
    public let words: String
    /// Whether it can be worked with.
    public let isGood: Bool
  }

  /// What the key may read.
  public internal(set) var mayRead: [String] = []
  /// What the app refuses to let the key read.
  public internal(set) var mayNotRead: [String] = []
  /// What could not be found out, with the reason.
  public internal(set) var unknown: [String] = []
  /// What was found of the settings.
  public internal(set) var findings: [Finding] = []
}

extension Registry {
  /// Reads all that the app's facts name, once each.
  public func examine(_ name: String, clock: WallClock = .system) throws(Problem) -> ConnectionCheck
  {
    let connection = try connections.get(name)
    let caller = APIClient(home: home, clock: clock)
    var examination = ConnectionCheck()
    for probe in connection.app.probes {
      guard let effect = probe.effect(for: connection) else { continue }
      switch try caller.send(effect, through: connection, key: nil) {
      case .notSent(let reason), .inDoubt(let reason):
        examination.unknown.append("\(probe.label): \(reason)")
      case .answered(let answer, _): examination.note(answer, of: probe, connection)
      }
    }
    return examination
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
  /// The request for a connection; nil where it has no value to look up.
  fileprivate func effect(for connection: Connection) -> HTTPEffect? {
    if let look, connection.settings[look.setting].nonBlank == nil { return nil }
    let path = path.filling { connection.filled("{\($0)}").percentEncodedPath }
    return HTTPEffect(name: "probe", method: .get, path: path, query: query)
  }
}

extension ProbeSpec.Look {
  /// What a found thing is good for.
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
