public import Setup
import StepKit
public import Values

/// What a step is given: a value, or the text of one that nobody may ask for.
public enum StepInput {
  case value(JSON)
  case text([UInt8])

  /// The value.
  public var value: JSON {
    switch self {
    case .value(let value): value
    case .text(let bytes): (try? JSON(parsing: bytes)) ?? .null  // it was read when it was taken
    }
  }
}

extension Run {
  /// What a step is given: the event, or what the step before it gave.
  public func input(of step: Int, in home: Home) throws(Problem) -> StepInput {
    if step > 0 { return .value(outputs[step - 1]) }
    if let body { return .text(body) }
    guard let event = try home.document(at: event) else {
      throw Problem(.noInput, "the event \(event) is no longer there")
    }
    return .value(event["body"])
  }
}

extension ObjectText {
  /// Adds what a step is given.
  public mutating func add(_ name: StaticString, _ input: StepInput) {
    switch input {
    case .value(let value): add(name, value)
    case .text(let bytes): add(name, text: bytes)
    }
  }
}
