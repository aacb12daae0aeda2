import Synchronization
public import Values

/// Numbers accepted events, so that the ids of their runs sort in the order of acceptance, also within a
/// millisecond and when the clock is set back: after a restart, lanes are filled in the order of ids.
public final class AcceptanceOrder: Sendable {
  /// A position in the order.
  package struct Position: Sendable, Hashable {
    /// The time of acceptance; never earlier than that of the position before.
    package let time: Timestamp
    /// The number within the millisecond, from 0.
    package let number: Int
  }

  private let last: Mutex<Position>

  /// Creates an order that begins after the millisecond of a time: that of the newest run.
  public init(after time: Timestamp = Timestamp(milliseconds: 0)) {
    last = Mutex(Position(time: time, number: Self.maxPerMillisecond - 1))
  }

  /// The next position.
  package func next(at now: Timestamp) -> Position {
    last.withLock { last in
      if last.time < now {
        last = Position(time: now, number: 0)
      } else if last.number + 1 < Self.maxPerMillisecond {
        last = Position(time: last.time, number: last.number + 1)
      } else {
        last = Position(time: Timestamp(milliseconds: last.time.milliseconds + 1), number: 0)
      }
      return last
    }
  }

  /// Three digits of an ``Identifier``.
  private static let maxPerMillisecond = 62 * 62 * 62
}
