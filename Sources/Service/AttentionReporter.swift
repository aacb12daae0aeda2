import Dispatcher
import Foundation
import Operations
import Records
import Setup
import Values

/// Reports what newly needs attention, while the dispatcher runs.
final class AttentionReporter: Sendable {
  private let attention: Attention
  private let notifier: Notifier
  private let watcher: DirectoryWatcher
  private let clock: WallClock
  private let report: @Sendable (LogEntry) -> Void

  /// Creates the reporter of a home; `report` gets the messages for the operator, and `intake` takes
  /// the events that start the flows which tell people.
  init(
    registry: Registry, intake: Intake, clock: WallClock,
    report: @escaping @Sendable (LogEntry) -> Void
  ) {
    notifier = Notifier(registry: registry, intake: intake)
    attention = Attention(registry, isServing: true)
    watcher = DirectoryWatcher(on: registry.home.storePath)
    self.clock = clock
    self.report = report
  }

  /// Looks after each write to the store, at most once a second and at least once a minute, until
  /// `isActive` is false.
  func run(while isActive: () -> Bool) {
    var watch = AttentionWatch(attention)
    var notifier = notifier
    while isActive() {
      do throws(Problem) {
        try attention.completeMarks(now: clock.now())
        let news = try watch.look(at: clock.now())
        tell(news)
        try notifier.tell(news, at: clock.now())
      } catch {
        report(LogEntry(.error, "cannot find out what needs attention: \(error)"))
      }
      watcher.rest(seconds: 1)
      watcher.wait(seconds: (notifier.isWaiting ? 5 : 60) / clock.speed)
    }
  }

  /// Ends the wait of ``run(while:)``.
  func stop() { watcher.end() }

  /// The one place where a new item becomes known.
  private func tell(_ news: AttentionWatch.News) {
    if news.isFirst {
      guard !news.items.isEmpty else { return }
      let are = news.items.count == 1 ? "thing needs" : "things need"
      return report("\(news.items.count) \(are) attention; `meterbridge attention`")
    }
    // The scheduler reports the end of a run at once
    for item in news.items where !item.isEndedRun { report(item.news) }
  }
}

extension AttentionItem {
  /// Whether it is a run that has ended.
  fileprivate var isEndedRun: Bool { [.failed, .notSynced, .inDoubt].contains(cause) }
}
