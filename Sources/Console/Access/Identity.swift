import Operations

/// Who sent a request, and how that is known.
struct Identity: Sendable {
  /// How an operator is known.
  enum Way: Sendable, Equatable {
    /// Nobody is signed in.
    case none
    /// The request has a token that nobody has.
    case badToken
    /// A cookie has the token of a session.
    case session(String)
    /// A program has a token of this name.
    case token(String)
    /// The proxy says so.
    case proxy
  }

  /// How the operator is known.
  let way: Way
  /// The operator, if anyone.
  var person: Operator?
  /// The secret of the browser from which the token of its forms is derived; nil for a program or a
  /// browser without a cookie.
  var key: String?
}

extension Identity {
  /// Whether it is a program, which has no cookies.
  var isProgram: Bool { if case .token = way { true } else { false } }
}
