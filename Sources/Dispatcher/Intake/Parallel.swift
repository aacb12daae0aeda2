import Dispatch
import Processes

/// Work that is done on all cores at once.
enum Parallel {
  /// The fewest things of which a part is given to each core: for less, the way there is longer than
  /// the work.
  private static let least = 8

  /// What comes of each thing, in order.
  static func map<Thing: Sendable, Value: Sendable>(
    _ things: [Thing], _ work: @Sendable (Thing) -> Value
  ) -> [Value] {
    let parts = min(things.count / least, Machine.cores)
    guard parts > 1 else { return things.map(work) }
    let size = (things.count + parts - 1) / parts
    return [Value](unsafeUninitializedCapacity: things.count) { values, count in
      nonisolated(unsafe) let values = values
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        for index in part * size..<min((part + 1) * size, things.count) {
          values.initializeElement(at: index, to: work(things[index]))
        }
      }
      count = things.count
    }
  }
}
