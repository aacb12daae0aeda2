import AWS
import Foundation
import Store
import TestSupport
import Values

/// A table of its own in the emulator, and stores in it as of several processes.
struct Stand {
  let table = "t-\(UUID().uuidString)"
  let transport = FaultyTransport()
  let client: AWSClient

  init() throws {
    client = try Self.client(transport)
    _ = try DynamoDBStore.createTable(table, client: client)
  }

  static func client(
    _ transport: FaultyTransport, environment changes: [String: String] = [:], tries: Int = 4
  ) throws -> AWSClient {
    let environment = try AWSEmulator.shared.get().environment
    return AWSClient(
      try AWSAccount(environment: environment.merging(changes) { _, new in new }),
      transport: transport,
      retries: RetryPolicy(tries: tries, firstWait: 0.005, longestWait: 0.02))
  }

  /// A store; each is a writer of its own.
  func store(
    through transport: FaultyTransport? = nil, shards: Int = 2, history: Int? = 3600
  ) throws -> DynamoDBStore {
    try DynamoDBStore(
      client: try transport.map { try Self.client($0) } ?? client, table: table, space: "home",
      watching: ["setting/"], groups: ["effect/"], history: history, shards: shards)
  }

  /// The number of requests of some work, by action.
  func requests(_ work: () throws -> Void) rethrows -> [String: Int] {
    try transport.answers(of: work)
    return Dictionary(grouping: transport.actions, by: { $0 }).mapValues(\.count)
  }

  /// The number of items in the table.
  func itemCount() throws -> Int { try partitions().values.reduce(0, +) }

  /// The number of items in each partition of the table.
  func partitions() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    var start: JSON = .null
    repeat {
      let page = try client.call(
        .dynamoDB, "Scan",
        JSON.members([
          "TableName": .string(table), "ProjectionExpression": "pk", "ExclusiveStartKey": start,
        ]))
      for item in page["Items"].items { counts[item["pk"]["S"].string ?? "", default: 0] += 1 }
      start = page["LastEvaluatedKey"]
    } while !start.isNull
    return counts
  }
}

extension KeyValueStore {
  /// All records as `key=value`.
  func all() throws -> [String] { try records(prefix: "").map { "\($0.key)=\($0.value)" } }
}
