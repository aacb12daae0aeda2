public import Values

/// What can be the input or the output of a step: a noun, or a JSON document as it is.
public protocol Document: Sendable {
  /// Reads the document; what is missing or of the wrong shape is a permanent failure that says so.
  init(json: JSON) throws(Failure)

  /// The document as it goes over the pipe.
  var json: JSON { get }
}

extension JSON: Document {
  /// Any document is itself.
  public init(json: JSON) { self = json }

  /// Itself.
  public var json: JSON { self }
}
