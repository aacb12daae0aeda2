/// What runs share, and what can hang: the server behind a connection, or the program of a step.
package enum Resource: Hashable, Sendable, CustomStringConvertible {
  /// A connection, by its name.
  case connection(String)
  /// A step, such as `togai/create-customer`.
  case step(String)

  /// The kind and the name, such as `connection acme`.
  package var description: String {
    switch self {
    case .connection(let name): "connection \(name)"
    case .step(let name): "step \(name)"
    }
  }
}
