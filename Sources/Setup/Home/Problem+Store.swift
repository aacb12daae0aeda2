public import Store
public import Values

extension Problem {
  /// The problem that an error of the store amounts to.
  public init(_ error: StoreError) {
    switch error {
    case .badKey, .badValue: self.init(.data, error.description)
    case .sealed: self.init(.configuration, error.description)
    default: self.init(error.isTemporary ? .temporary : .io, error.description)
    }
  }
}
