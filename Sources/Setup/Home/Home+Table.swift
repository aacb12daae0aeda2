public import AWS
import Store
public import Values

extension Home {
  /// Opens a home whose records and sealed secrets are in a table of DynamoDB.
  ///
  /// The key, the locks and the rate limits are in files below `path`, of this machine only. So no process
  /// executes the runs of such a home yet, see ``requireFiles(for:)``.
  ///
  /// Requests: three.
  /// - Parameters:
  ///   - path: The directory of the key and the locks.
  ///   - table: The name of the table.
  ///   - client: The account.
  ///   - keyFile: The file of the key that seals the secrets; nil for a file below `path`.
  ///   - isCopying: Whether a copy is about to fill the home, which then may be unfinished.
  /// - Throws: A `configuration` problem if a newer build made the home, or a copy of it was not finished.
  public init(
    at path: String, in table: String, of client: AWSClient, keyFile: String? = nil,
    isCopying: Bool = false
  ) throws(Problem) {
    self.path = path
    self.table = table
    do throws(StoreError) {
      let records = try DynamoDBStore(
        client: client, table: table, space: Self.space, watching: StoreKey.watched,
        groups: StoreKey.grouped)
      let sealed = try DynamoDBStore(
        client: client, table: table, space: "secrets", watching: [""], history: nil)
      keys = KeyRing(home: path, given: keyFile) { () throws(StoreError) in
        try sealed.records(prefix: "", limit: 1).first.flatMap { SecretKey.id(of: $0.value) }
      }
      store = records
      secrets = Secrets(in: sealed, cipher: keys.seal)
    } catch {
      throw Problem(error)
    }
    try TableMark.open(in: self, isCopying: isCopying)
  }

  /// Whether a table has a home.
  public static func exists(in table: String, of client: AWSClient) throws(Problem) -> Bool {
    do throws(StoreError) {
      return try DynamoDBStore.exists(in: table, client: client, space: space)
    } catch {
      throw Problem(error)
    }
  }

  /// Whether a copy into the home was begun and not finished; one in files has a new directory.
  public func isUnfinishedCopy() throws(Problem) -> Bool {
    guard table != nil else { return false }
    return try TableMark.isUnfinished(self)
  }

  /// The first step of a copy into the home: until the last one, nothing else opens it.
  public func beginCopy() throws(Problem) {
    if table != nil { try TableMark.write(in: self, isUnfinished: true) }
  }

  /// The last step of a copy into the home.
  public func finishCopy() throws(Problem) {
    if table != nil { try TableMark.write(in: self, isUnfinished: false) }
  }

  /// Refuses what works with files on one machine only.
  ///
  /// - Throws: A `configuration` problem if the records are in a table.
  public func requireFiles(for what: String) throws(Problem) {
    guard let table else { return }
    throw Problem(
      .configuration,
      "\(what) works with a home in files only; `meterbridge home copy --to DIR` copies the one in the"
        + " table \(table)")
  }

  private static let space = "home"
}
