public import Values

/// What came of an effect.
///
/// On the pipe `{"status": 201, "value": …}`, with `after` where the other side said when to come
/// again (seconds), or `{"unknown": true}` when nobody can say whether the effect happened.
public enum Answer: Sendable, Hashable {
  /// The other side answered, with an HTTP status; `find` answers 200 or 404.
  case known(status: Int, value: JSON, after: Int? = nil)
  /// The request may or may not have been carried out: the step must look before it asks again.
  case unknown

  /// Reads an answer from the pipe.
  public init(json: JSON) throws(Failure) {
    if json["unknown"].bool == true {
      self = .unknown
    } else if let status = json["status"].int {
      self = .known(status: status, value: json["value"], after: json["after"].int)
    } else {
      throw .permanent("an answer has a \"status\" or is {\"unknown\": true}")
    }
  }

  /// The answer as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .known(let status, let value, let after):
      .members(["status": .int(status), "value": value, "after": .int(after)])
    case .unknown: ["unknown": true]
    }
  }
}

extension Answer {
  /// The status, or nil in doubt.
  public var status: Int? { if case .known(let status, _, _) = self { status } else { nil } }

  /// The body of the reply; `null` in doubt.
  public var value: JSON { if case .known(_, let value, _) = self { value } else { .null } }

  /// Seconds after which the other side wants to be asked again, where it said so.
  public var after: Int? { if case .known(_, _, let after) = self { after } else { nil } }

  /// Whether the other side did what was asked.
  public var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }

  /// Whether nobody can say if the effect happened.
  public var isUnknown: Bool { self == .unknown }

  /// Whether the answer settles nothing, and the same request is worth another try later:
  /// too many requests, a time-out or trouble on the other side.
  public var isTemporary: Bool {
    guard let status else { return false }
    return status == 408 || status == 429 || status >= 500
  }
}
