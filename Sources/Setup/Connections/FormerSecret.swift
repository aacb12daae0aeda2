public import Store
public import Values

/// The secret of webhooks before the current one, which stays valid for some time, so that the sender can
/// be changed without a gap.
public struct FormerSecret: Sendable {
  private let value: String
  private let until: Timestamp

  /// A secret that is valid until a time.
  public init(_ secret: Secret, until: Timestamp) {
    (value, self.until) = (secret.reveal(), until)
  }

  /// Reads what is stored; nil if it is none.
  public init?(_ text: String) {
    guard let json = try? JSON(parsing: text), let value = json["secret"].string,
      let until = json["until"].time
    else { return nil }
    (self.value, self.until) = (value, until)
  }

  /// What is stored among the secrets of the connection.
  public var stored: Secret {
    Secret((["secret": .string(value), "until": .string(until.text)] as JSON).text)
  }

  /// The secret, if it is still valid.
  public func secret(at now: Timestamp) -> String? { now < until ? value : nil }

  /// The name under which it is stored; names of settings have no spaces.
  public static func name(of setting: String) -> String { "\(setting) before" }
}
