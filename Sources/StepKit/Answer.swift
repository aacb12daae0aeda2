public import Values

/// The outcome of an effect.
///
/// On the pipe it is `{"status": 201, "value": …}`, with `after` in seconds if the other side said
/// when to retry, or `{"unknown": true}` if it is unknown whether the effect happened.
public enum Answer: Sendable, Hashable {
  /// A response with an HTTP status, and seconds until a retry if given; a find has 200, 404 or 409.
  case known(status: Int, value: JSON, after: Int? = nil)
  /// The request may or may not have been carried out: the step must read before it asks again.
  case unknown

  /// Reads an answer from the pipe.
  ///
  /// - Throws: A permanent failure if it has neither form.
  public init(json: JSON) throws(Failure) {
    if json["unknown"].bool == true {
      self = .unknown
    } else if let status = json["status"].int {
      self = .known(
        status: status, value: json["value"],
        after: json["after"].int.map { min(max($0, 0), 86_400) })
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
  /// The HTTP status; nil if the outcome is unknown.
  public var status: Int? { if case .known(let status, _, _) = self { status } else { nil } }

  /// The body of the response; `null` if the outcome is unknown.
  public var value: JSON { if case .known(_, let value, _) = self { value } else { .null } }

  /// Seconds until a retry, if the other side gave them.
  public var after: Int? { if case .known(_, _, let after) = self { after } else { nil } }

  /// Whether the status is 2xx.
  public var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }

  /// Whether it is unknown if the effect happened.
  public var isUnknown: Bool { self == .unknown }

  /// Whether the same request is worth a retry: a time-out, too many requests, or a server error.
  public var isTemporary: Bool {
    guard let status else { return false }
    return status == 408 || status == 429 || status >= 500
  }
}
