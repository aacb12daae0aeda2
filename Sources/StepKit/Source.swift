import Values

/// The app that an invoice or a payment comes from, and its id there.
public struct Source: Sendable, Hashable {
  /// The app's name.
  public let app: String
  /// The id in that app.
  public let id: String
  /// `invoice` or `payment`.
  private let noun: String

  /// The first of a thing's ids, by app name, that is not the given app's own.
  ///
  /// - Throws: A permanent failure if there is none.
  public init(of noun: String, _ ids: [String: String], besides app: String) throws(Halt) {
    guard let first = ids.excluding(app).firstByApp else {
      throw .permanent(
        "the \(noun) has no id in another app: put the step behind a trigger of that app")
    }
    self.app = first.app
    id = first.id
    self.noun = noun
  }

  /// The id as a reference number or PO number, at most 100 characters.
  public var reference: String { id.shortened(to: 100) }

  /// The app and the noun, such as `Togai invoice`.
  public var title: String { "\(app.titled) \(noun)" }
}
