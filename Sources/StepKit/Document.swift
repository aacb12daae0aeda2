public import Values

/// The input or output of a step: a noun, or any JSON document.
public protocol Document: Sendable {
  /// Reads the document.
  ///
  /// - Throws: A permanent failure that names what is missing or of the wrong type.
  init(json: JSON) throws(Failure)

  /// The document as it goes over the pipe.
  var json: JSON { get }
}

extension JSON: Document {
  /// Takes any document as it is.
  public init(json: JSON) { self = json }

  /// The document itself.
  public var json: JSON { self }
}
