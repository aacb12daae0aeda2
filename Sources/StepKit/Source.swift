public import Values

/// Where an invoice or a payment comes from: another app, and its id there.
public struct Source: Sendable, Hashable {
  /// The app's name.
  public let app: String
  /// The thing's id there.
  public let id: String
  /// What it is: `invoice` or `payment`.
  private let thing: String

  /// The first of a thing's ids, by the app's name, that is not the given app's own.
  public init(of thing: String, _ ids: [String: String], besides app: String) throws(Failure) {
    let others = ids.filter { $0.key != app }
    guard let first = others.min(by: { $0.key < $1.key }) else {
      throw .permanent("the \(thing) has no id in another app")
    }
    self.app = first.key
    id = first.value
    self.thing = thing
  }

  /// What an app keeps as the thing's reference number or PO number.
  public var reference: String { id.shortened(to: 100) }

  /// `Togai invoice`.
  public var title: String { "\(app.titled) \(thing)" }
}
