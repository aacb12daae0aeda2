public import Setup
import StepKit
public import Values

/// The input of a step: a value, or its text, which is parsed only if the value is needed.
public enum StepInput {
  case value(JSON)
  case text([UInt8])

  /// The value.
  public var value: JSON {
    switch self {
    case .value(let value): value
    case .text(let bytes): (try? JSON(parsing: bytes)) ?? .null  // Intake has parsed it
    }
  }
}

extension Run {
  /// The input of a step: the event, or the output of the step before.
  public func input(of step: Int, in home: Home) throws(Problem) -> StepInput {
    if step > 0 { return .value(outputs[step - 1]) }
    if let body { return .text(body) }
    guard let event = try home.document(at: event) else {
      throw Problem(.noInput, "the event \(event) was removed")
    }
    return .value(event["body"])
  }
}

extension ObjectText {
  /// Adds the input of a step.
  public mutating func add(_ name: StaticString, _ input: StepInput) {
    switch input {
    // Without it, a step would take the call as an event.
    case .value(let value): add(name, always: value)
    case .text(let bytes): add(name, text: bytes)
    }
  }
}
