import Dispatcher
import EndToEndSupport
import Records
import Setup
import StepKit
import Store
import Values

@testable import Operations

/// A home whose notifications are looked at.
struct NotificationHome {
  let registry: Registry

  init(_ fixture: EndToEnd) { registry = fixture.registry }

  func time(_ seconds: Int) -> Timestamp { Timestamp(seconds: 1_770_000_000 + seconds) }

  func notifier() -> Notifier { Notifier(registry: registry, intake: Intake(registry: registry)) }

  func news(
    new items: [AttentionItem] = [], ended: Set<String> = [], isFirst: Bool = false
  ) -> AttentionWatch.News {
    AttentionWatch.News(items: items, ended: ended, isFirst: isFirst)
  }

  func failure(_ number: Int, of flow: String = "customers") -> AttentionItem {
    var item = AttentionItem(
      .failed, "run.\(number)", since: time(number - 1), reason: "no", command: "retry")
    (item.run, item.flowConnection) = ("run.\(number)", flow)
    return item
  }

  func pause(_ connection: String, at seconds: Int = 0) -> AttentionItem {
    AttentionItem(.paused, connection, since: time(seconds), reason: "401", command: "test")
  }

  /// The bodies of the events, in order.
  func events() throws -> [JSON] {
    try registry.home.documents(below: StoreKey.event.key("meterbridge:home/"))
      .map { $0.document["body"] }.sorted { ($0["at"].string ?? "") < ($1["at"].string ?? "") }
  }

  /// The ids of the items in each event.
  func told() throws -> [[String]] {
    try events().map { event in
      event["causes"].items.flatMap { $0["items"].items.compactMap { $0["id"].string } }
    }
  }
}
