import StepKit
public import Values

/// Finds all faults of a flow file.
final class FlowCheck {
  private let catalog: AppCatalog
  private let facts: ObjectReader
  /// The faults, each with its place in the file.
  private(set) var faults: [String] = []

  init(_ json: JSON, flow id: String, in catalog: AppCatalog) {
    self.catalog = catalog
    facts = ObjectReader(json, of: "flow \(id)")
    look()
  }

  private func look() {
    see { () throws(Problem) in
      try facts.knows(["name", "aliases", "description", "type", "when", "then", "policy"])
    }
    see { () throws(Problem) in
      let name = try facts.text("name")
      guard !name.contains(where: \.isNewline) else {
        throw facts.wrong("name", "must be one line")
      }
    }
    see { () throws(Problem) in _ = try facts.optionalTexts("aliases") }
    if !facts.json["policy"].isNull {
      see { () throws(Problem) in _ = try facts.member("policy") }
    }
    see { () throws(Problem) in _ = try Flow.direction(facts) }
    let trigger = seeing { () throws(Problem) in try part(facts.member("when")) } ?? nil
    let given = trigger.flatMap { look(atTrigger: $0) }
    let actions = seeing { () throws(Problem) in try Flow.actions(facts) } ?? []
    for facts in actions {
      guard let action = seeing({ () throws(Problem) in try part(facts) }) else { continue }
      look(at: action, given, facts)
    }
  }

  private func part(_ facts: ObjectReader) throws(Problem) -> Flow.Part {
    try facts.knows(["step", "payload", "if"])
    return try Flow.Part(facts)
  }

  /// The noun of a trigger; nil if it is unknown.
  private func look(atTrigger part: Flow.Part) -> String? {
    let place = "\(facts.place), when"
    guard let step = step(part.step, place) else { return nil }
    look(at: part.payload, of: step, place)
    guard case .trigger(_, let gives) = step.role else {
      faults.append("\(place): \(part.step) is an action and starts nothing")
      return nil
    }
    let isFromHub = catalog.apps[part.step.app]?.isHub == true
    if let direction = try? Flow.direction(facts), isFromHub != (direction == .outbound) {
      faults.append(
        "\(facts.place): its type is \(isFromHub ? "outbound" : "inbound"), since its trigger is of"
          + " \(catalog.apps[part.step.app]?.name ?? part.step.app)")
    }
    return gives
  }

  private func look(at part: Flow.Part, _ given: String?, _ facts: ObjectReader) {
    guard let step = step(part.step, facts.place) else { return }
    look(at: part.payload, of: step, facts.place)
    guard case .action(let takes) = step.role else {
      return faults.append("\(facts.place): \(part.step) is a trigger and cannot be done")
    }
    guard let given, given != "*", !takes.contains("*"), !takes.contains(given) else { return }
    faults.append(
      "\(facts.place): \(part.step) takes one \(takes.joined(separator: " or ")), but the trigger"
        + " gives one \(given)")
  }

  private func look(at payload: JSON, of step: StepSpec, _ place: String) {
    if let exclusion = step.exclusion(in: payload) { faults.append("\(place): \(exclusion)") }
    for (name, value) in (payload.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let field = step.fields.first(where: { $0.name == name }) else {
        let names = step.fields.map(\.name).joined(separator: ", ")
        faults.append(
          "\(place): \(step.id) has no field \"\(name)\""
            + (names.isEmpty ? "" : "; it has \(names)"))
        continue
      }
      if !field.accepts(value) {
        faults.append("\(place): \(name) of \(step.id) must be \(field.words)")
      }
    }
    if let reason = step.refusal(payload: payload, settings: .null) {
      faults.append("\(place): \(step.id) cannot do this: \(reason)")
    }
  }

  private func step(_ id: StepID, _ place: String) -> StepSpec? {
    do throws(Problem) {
      return try catalog.step(id)
    } catch {
      faults.append("\(place): \(error)")
      return nil
    }
  }

  private func see(_ body: () throws(Problem) -> Void) { _ = seeing(body) }

  private func seeing<Value>(_ body: () throws(Problem) -> Value) -> Value? {
    do throws(Problem) {
      return try body()
    } catch {
      faults.append(error.description)
      return nil
    }
  }
}

extension AppCatalog {
  /// The faults of a flow file, each with its place in the file.
  public func faults(inFlow id: String, _ json: JSON) -> [String] {
    FlowCheck(json, flow: id, in: self).faults
  }

  /// Reads a flow file.
  /// - Throws: A `data` problem that lists all faults.
  public func flow(_ id: String, _ json: JSON) throws(Problem) -> Flow {
    try check(flow: id, json)
    return try Flow(id: id, json: json, isPublic: false)
  }

  /// Refuses a flow file that has a fault, with a list of all.
  func check(flow id: String, _ json: JSON) throws(Problem) {
    let faults = faults(inFlow: id, json)
    guard faults.isEmpty else { throw Problem(.data, faults: faults) }
  }
}
