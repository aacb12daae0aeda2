import Synchronization
public import Values

/// Numbers accepted events, so that the ids of their runs sort in the order of acceptance.
///
/// The order holds within a millisecond and when the clock goes back: lanes are filled in the order of
/// the ids after a restart.
public final class AcceptanceOrder: Sendable {
  /// A position in the order.
  struct Position: Sendable, Hashable {
    /// Milliseconds since 1970; never less than those of the position before.
    let time: Timestamp
    /// The position among those of the same millisecond.
    let number: Int
  }

  private let last: Mutex<Position>

  /// An order that begins after a time, which is that of the newest run known.
  public init(after time: Timestamp = Timestamp(milliseconds: 0)) {
    last = Mutex(Position(time: time, number: 0))
  }

  /// The next position.
  func next(at now: Timestamp) -> Position {
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

  /// Three digits of an identifier, see ``Identifier``.
  private static let maxPerMillisecond = 62 * 62 * 62
}
