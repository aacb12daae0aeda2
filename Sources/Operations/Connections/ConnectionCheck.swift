import Catalog
import Dispatcher
import Requests
public import Setup
import StepKit
public import Values

/// What a connection's key may do, and whether settings or the fields of a flow connection are right, as
/// far as harmless reads show.
public struct ConnectionCheck: Sendable {
  /// What was found of a value.
  public struct Finding: Sendable, Equatable {
    /// The label of what was looked up, and its value.
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
      let value = probe.look.map { look in
        look.setting.flatMap { connection.settings[$0].nonBlank }
      }
      if case .some(nil) = value { continue }
      try check.look(probe, value ?? nil, connection, caller)
    }
    return check
  }

  /// Looks up what the fields of a flow connection's steps name in their apps, once each.
  ///
  /// A request that cannot be made, such as one without a key, is among the unknown.
  public func examine(
    fieldsOf flow: FlowConnection, clock: WallClock = .system
  ) throws(Problem) -> ConnectionCheck {
    let caller = APIClient(home: home, clock: clock)
    var check = ConnectionCheck()
    let source = try flow.parts.first.map { (part) throws(Problem) in
      try connections.get(part.connection)
    }
    for part in flow.parts {
      let connection = try connections.get(part.connection)
      for field in try catalog.step(part.step).fields {
        guard let probe = connection.app.probes.first(where: { field.look == $0.label }) else {
          continue
        }
        let value = part.payload[field.name]
        let values = [value.nonBlank] + value.allMembers.map { $0.value.nonBlank }
        var found: [[UInt8]: JSON] = [:]
        for value in values.compactMap(\.self).distinctByBytes {
          do throws(Problem) {
            found[value.byteKey] = try check.look(
              probe, value, connection, caller, payload: part.payload)
          } catch {
            check.unknown.append("\(probe.label) \(value): \(error)")
          }
        }
        if let source {
          check.look(
            atKeysOf: value.allMembers, in: field, beside: found, probe, of: source, caller)
        }
      }
    }
    return check
  }
}

extension ConnectionCheck {
  /// Sends the request of a probe and notes the answer; `value` is what it looks up, if anything.
  ///
  /// - Returns: What was found, if the probe looks something up.
  @discardableResult
  mutating func look(
    _ probe: ProbeSpec, _ value: String?, _ connection: Connection, _ caller: APIClient,
    payload: JSON = [:]
  ) throws(Problem) -> JSON? {
    let path = probe.path.filling { name in
      (name == "value" ? value ?? "" : connection.filled("{\(name)}")).percentEncodedPath
    }
    let effect = HTTPEffect(name: "probe", method: .get, path: path, query: probe.query)
    let subject = probe.label + (value.map { " \($0)" } ?? "")
    switch try caller.send(effect, through: connection, key: nil) {
    case .notSent(let reason), .inDoubt(let reason): unknown.append("\(subject): \(reason)")
    case .answered(let answer, _):
      if let look = probe.look, answer.isSuccess || answer.status == 404 {
        let missing = (isGood: false, words: "is not there")
        let found = answer.isSuccess ? look.judge(answer.value, payload) : missing
        findings.append(Finding(subject: subject, words: found.words, isGood: found.isGood))
        return answer.isSuccess ? answer.value : nil
      } else if answer.isSuccess {
        mayRead.append(probe.label)
      } else if answer.status == 401 || answer.status == 403 {
        mayNotRead.append(probe.label)
      } else {
        unknown.append("\(subject): answered \(answer.status ?? 0)")
      }
    }
    return nil
  }
}

extension ProbeSpec.Look {
  /// The texts at a path: one, or those of a list.
  static func texts(_ path: String, of found: JSON) -> [String] {
    let value = StepCondition.value(at: path, of: found)
    return (value.array ?? [value]).compactMap(\.nonBlank)
  }

  /// What a found thing is good for, beside the other fields of the step.
  fileprivate func judge(_ found: JSON, _ payload: JSON) -> (isGood: Bool, words: String) {
    func texts(_ path: String) -> [String] { Self.texts(path, of: found) }
    let what = words.filling { path in
      let texts = texts(path)
      return texts.isEmpty ? "?" : texts.joined(separator: ", ")
    }
    if let member, let wanted, texts(member) != [wanted] {
      return (false, "\(what): it must be \(wanted)")
    }
    if let list, let value = listed.flatMap({ payload[$0].nonBlank }), !texts(list).isEmpty,
      !texts(list).contains(where: { $0.lowercased() == value.lowercased() })
    {
      return (false, "\(what): it must have \(value)")
    }
    guard let use = texts(by).first.flatMap({ fits[$0] }) else {
      return (false, "\(what): no flow supports it")
    }
    return (true, "\(what): \(use)")
  }
}
