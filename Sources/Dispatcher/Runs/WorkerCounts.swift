/// The numbers of worker threads of a scheduler.
///
/// A limited number works at a time. A worker that waits for a server or a program is not counted among
/// those, and another takes its place: threads are cheap, and the shares of ``Bulkheads`` bound them.
struct WorkerCounts {
  /// The most that work at a time.
  var most = 0
  var alive = 0
  /// The number of those that work, which is more than the most for a moment after a wait.
  var working = 0
  /// The number of those that wait for a server or a program.
  var blocked = 0
  /// The number of those that wait for work.
  var waiting = 0

  /// The most whose place another takes.
  private static let mostOthers = 512

  var mayWork: Bool { working < most }

  /// Whether one more may wait for work; enough wait if all that may work could go at once.
  var mayWait: Bool { waiting < most }

  var mayStart: Bool { alive - blocked < most && blocked < Self.mostOthers }
}
