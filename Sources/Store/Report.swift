/// What a look at every line of a store found.
public struct Report: Equatable, Sendable {
  /// How many records the table has.
  public internal(set) var tableRecords = 0
  /// How many records the journals have; a key counts each time it was written or removed.
  public internal(set) var journalRecords = 0
  /// How many bytes were looked at.
  public internal(set) var bytes = 0
  /// The lines that are not as they were written, in the order of the files.
  public internal(set) var damages: [Damage] = []
  /// How many bytes at the end a crash left torn; the next who writes or opens cuts them off.
  public internal(set) var tornBytes = 0

  /// Whether all that was acknowledged can be read.
  public var isSound: Bool { damages.isEmpty }
}
