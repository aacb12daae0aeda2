/// The result of a verification of all lines of a store.
public struct VerificationReport: Equatable, Sendable {
  /// The number of records in the table.
  public internal(set) var tableRecords = 0
  /// The number of changes in the journals.
  public internal(set) var journalRecords = 0
  /// The number of bytes that were verified.
  public internal(set) var bytes = 0
  /// The damaged lines, in the order of the files.
  public internal(set) var damages: [StoreError.Damage] = []
  /// The size in bytes of the torn end that a crash left and that the next writer truncates.
  public internal(set) var tornBytes = 0

  /// Whether everything that was acknowledged can be read.
  public var isSound: Bool { damages.isEmpty }

  mutating func add(_ file: String, _ offset: Int, _ reason: String) {
    damages.append(StoreError.Damage(file: file, offset: offset, reason: reason))
  }
}
