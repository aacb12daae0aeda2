import Setup
import Store

/// Links as the dispatcher keeps them: a row of two ids, under each of the two.
enum LinkRecords {
  /// The changes that keep the n-th link.
  static func changes(_ number: Int) -> [Change] {
    let id = "cus_\(Webhook.digits(number))"
    let value = #"{"ids":{"chargebee:acme":"\#(id)","togai:production":"\#(id)"}}"#
    return [
      .put(StoreKey.link.key("customer/chargebee:acme/\(id)"), value),
      .put(StoreKey.link.key("customer/togai:production/\(id)"), value),
    ]
  }

  /// The key of one half of the n-th link.
  static func key(_ number: Int) -> String {
    StoreKey.link.key("customer/chargebee:acme/cus_\(Webhook.digits(number))")
  }

  /// The bytes of a link's keys and values.
  static let bytes = changes(0).reduce(0) { sum, change in
    guard case .put(let key, let value) = change else { return sum }
    return sum + key.utf8.count + value.utf8.count
  }

  /// Fills a store with links, a thousand a commit, and merges them into its table.
  static func fill(_ store: any KeyValueStore, _ numbers: Range<Int>) throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 1000) {
      let batch = start..<min(start + 1000, numbers.upperBound)
      _ = try store.commit(batch.flatMap(changes))
    }
    try store.compact()
  }
}
