import AWS
import Foundation
import HTTPClient
import Store
import TestSupport
import Values

/// A table of its own in the emulator of DynamoDB.
struct TestTable {
  let name = "t-\(UUID().uuidString)"
  let client: AWSClient

  init() throws {
    let emulator = try AWSEmulator.shared.get()
    client = AWSClient(
      try AWSAccount(environment: emulator.environment),
      retries: RetryPolicy(tries: 5, firstWait: 0.02, longestWait: 0.1))
    _ = try DynamoDBStore.createTable(name, client: client)
  }

  /// The store of the table, with few partitions, for the emulator reads one after another.
  func store(
    watching watched: [String] = [], history: Int? = 3600
  ) throws -> DynamoDBStore {
    try DynamoDBStore(
      client: client, table: name, space: "home", watching: watched, history: history, shards: 3)
  }
}
