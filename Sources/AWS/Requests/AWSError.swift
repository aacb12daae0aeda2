import Values

/// The reason why AWS did not do what a request asks.
public enum AWSError: Error, Sendable, Equatable {
  /// AWS takes no more requests for the moment, or not for this partition. Nothing was changed.
  case throttled(String)
  /// Another transaction was changing one of the items. Nothing was changed.
  case conflict(String)
  /// A condition of a write does not hold. Nothing was changed.
  case conditionFailed
  /// No answer, or a server error. If it is in doubt, the request may have been carried out.
  case transient(String, inDoubt: Bool)
  /// The access key is not valid, or may not do this, or this machine's clock is wrong.
  case denied(String)
  /// The table does not exist.
  case missing(String)
  /// The request is not valid, or its answer is not one that AWS documents.
  case rejected(String)
}

extension AWSError {
  /// Whether the same request can succeed in a moment.
  var isPassing: Bool {
    switch self {
    case .throttled, .conflict, .transient: true
    case .conditionFailed, .denied, .missing, .rejected: false
    }
  }

  /// Whether the request may have been carried out.
  var isInDoubt: Bool { if case .transient(_, let inDoubt) = self { inDoubt } else { false } }
}

extension AWSError: CustomStringConvertible {
  /// A sentence for an operator.
  public var description: String {
    switch self {
    case .throttled(let reason): "AWS limits the requests: \(reason)"
    case .conflict(let reason): "another write was under way: \(reason)"
    case .conditionFailed: "a condition of the write does not hold"
    case .transient(let reason, _): "AWS does not answer: \(reason)"
    case .denied(let reason):
      "AWS refuses the access key (or this machine's clock is wrong): \(reason)"
    case .missing(let reason): "AWS has no such table: \(reason)"
    case .rejected(let reason): "AWS rejects the request: \(reason)"
    }
  }
}

// MARK: - Reading

extension AWSError {
  /// The error of an answer that is not a success.
  ///
  /// The names of the errors are those of DynamoDB's API reference, "Common Errors" and
  /// `TransactWriteItems`.
  init(status: Int, body: [UInt8]) {
    let json = (try? JSON(parsing: body)) ?? .null
    let type = json["__type"].string ?? ""
    let code = type.split(separator: "#").last.map(String.init) ?? ""
    let message = (json["message"].string ?? json["Message"].string).map { ": \($0)" } ?? ""
    let reason = code.isEmpty ? "status \(status)" : code + message
    switch code {
    case "TransactionCanceledException":
      self.init(reasons: json["CancellationReasons"].items, reason)
    case "ConditionalCheckFailedException": self = .conditionFailed
    case "TransactionConflictException", "TransactionInProgressException": self = .conflict(reason)
    case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded",
      "Throttling", "SlowDown":
      self = .throttled(reason)
    case "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException",
      "SignatureDoesNotMatch", "ExpiredTokenException", "MissingAuthenticationTokenException",
      "IncompleteSignatureException", "InvalidClientTokenId", "RequestTimeTooSkewed":
      self = .denied(reason)
    case "ResourceNotFoundException": self = .missing(reason)
    default:
      self =
        status >= 500
        ? .transient(reason, inDoubt: true)
        : status == 429
          ? .throttled(reason)
          : status == 401 || status == 403 ? .denied(reason) : .rejected(reason)
    }
  }

  /// The error of a transaction that AWS cancelled, of which nothing was done.
  private init(reasons: [JSON], _ text: String) {
    let codes = reasons.compactMap { $0["Code"].string }.filter { $0 != "None" }
    let throttles = ["ProvisionedThroughputExceeded", "ThrottlingError"]
    // A condition that fails does so at the next try too, whatever else was wrong at this one
    if codes.contains(where: { $0.hasPrefix("ConditionalCheckFailed") }) {
      self = .conditionFailed
    } else if codes.contains("TransactionConflict") {
      self = .conflict(text)
    } else if codes.contains(where: throttles.contains) {
      self = .throttled(text)
    } else {
      self = .rejected(text)
    }
  }
}
