/// The encryption of secrets at rest.
///
/// Both functions receive the key under which the secret is stored and must authenticate it, so that a
/// sealed secret that is copied to another key does not open there.
public struct SecretCipher: Sendable {
  /// A function that seals or opens a text stored under a key.
  public typealias Function =
    @Sendable (_ text: String, _ key: String) throws(StoreError) -> String

  /// Encrypts a secret.
  public let seal: Function
  /// Decrypts a secret; throws `sealed` when it cannot.
  public let open: Function

  /// Creates a cipher.
  public init(seal: @escaping Function, open: @escaping Function) {
    self.seal = seal
    self.open = open
  }

  /// Stores secrets as plain text, readable by the owner of the files only.
  public static let none = SecretCipher(
    seal: { text, _ throws(StoreError) in text }, open: { text, _ throws(StoreError) in text })
}
