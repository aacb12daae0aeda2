/// How a secret is made unreadable in the files, and readable again.
///
/// Both get the name it is kept under, to bind it to that name: a sealed secret that somebody copies
/// to another name should not open there.
public struct Seal: Sendable {
  /// What does one or the other.
  public typealias Work =
    @Sendable (_ text: String, _ name: String) throws(StoreError) -> String

  /// Gives the text to keep for a secret.
  public let seal: Work
  /// Gives the secret for the text that was kept; throws `sealed` when it cannot.
  public let open: Work

  /// A seal of two deeds.
  public init(seal: @escaping Work, open: @escaping Work) {
    self.seal = seal
    self.open = open
  }

  /// No seal: the files keep the secrets as they are, readable by their owner alone.
  public static let none = Seal(
    seal: { text, _ throws(StoreError) in text }, open: { text, _ throws(StoreError) in text })
}
