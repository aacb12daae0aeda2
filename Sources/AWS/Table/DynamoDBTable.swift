import Glibc
import Values

/// A table of DynamoDB whose primary key is `pk` and `sk`, two texts.
///
/// All reads are strongly consistent. Facts about the API are those of the DynamoDB API reference,
/// version 2012-08-10.
struct DynamoDBTable: Sendable {
  let client: AWSClient
  let name: String

  /// The most items of one `TransactWriteItems`, and of one `BatchGetItem`.
  static let itemLimit = 100
  /// The most bytes of an item's attributes that are used; DynamoDB allows 400 kB with the key.
  static let itemBytes = 380_000
  /// The most bytes of a transaction that are used; DynamoDB allows 4 MB.
  static let transactionBytes = 3_500_000

  // MARK: Reading

  /// Returns an item, or nil, with one request.
  func get(_ key: ItemKey) throws(AWSError) -> Item? {
    let answer = try call("GetItem", ["Key": key.json, "ConsistentRead": true])
    return answer["Item"].isNull ? nil : try Item(answer["Item"])
  }

  /// Returns the items that exist of some keys, with one request for 100 keys or 16 MB.
  func get(_ keys: [ItemKey]) throws(AWSError) -> [ItemKey: Item] {
    var items: [ItemKey: Item] = [:]
    var left = Array(Set(keys)).map(\.json)
    while !left.isEmpty {
      let part = left.prefix(Self.itemLimit)
      left.removeFirst(part.count)
      let answer = try client.call(
        .dynamoDB, "BatchGetItem",
        ["RequestItems": .object([name: ["Keys": .array(Array(part)), "ConsistentRead": true]])])
      for json in answer["Responses"][name].items {
        let item = try Item(json)
        items[item.key] = item
      }
      left += answer["UnprocessedKeys"][name]["Keys"].items
    }
    return items
  }

  /// Returns a page of a partition, up to 1 MB, and the key after which the next one begins, or nil,
  /// with one request.
  func query(
    _ partition: String, _ range: SortRange = .all, after: ItemKey? = nil, limit: Int? = nil,
    reversed: Bool = false
  ) throws(AWSError) -> (items: [Item], last: ItemKey?) {
    let condition = range.condition(in: partition)
    let answer = try call(
      "Query",
      JSON.members([
        "KeyConditionExpression": .string(condition.text),
        "ExpressionAttributeValues": .object(condition.values.mapValues(\.json)),
        "ConsistentRead": true, "ScanIndexForward": .bool(!reversed), "Limit": .int(limit),
        "ExclusiveStartKey": after?.json,
      ]))
    var items: [Item] = []
    for json in answer["Items"].items { items.append(try Item(json)) }
    let last = answer["LastEvaluatedKey"]
    return (items, last.isNull ? nil : try Item(last).key)
  }

  /// Returns all of a partition in a range.
  func all(_ partition: String, _ range: SortRange = .all) throws(AWSError) -> [Item] {
    var (items, last) = try query(partition, range)
    while let after = last {
      let page = try query(partition, range, after: after)
      items += page.items
      last = page.last
    }
    return items
  }

  // MARK: Writing

  /// Makes all of some writes, each of another item, or none, with one request.
  ///
  /// - Throws: `conditionFailed` if any condition does not hold.
  func transact(_ writes: [ItemWrite]) throws(AWSError) {
    guard !writes.isEmpty else { return }
    _ = try client.call(
      .dynamoDB, "TransactWriteItems",
      ["TransactItems": .array(writes.map { $0.json(table: name) })])
  }

  /// Puts and deletes items, each on its own and without a condition, with one request for 25.
  func write(put items: [Item] = [], delete keys: [ItemKey] = []) throws(AWSError) {
    var left: [JSON] =
      items.map { ["PutRequest": ["Item": $0.json]] }
      + keys.map { ["DeleteRequest": ["Key": $0.json]] }
    while !left.isEmpty {
      // 16 MB is the limit of a request
      let part = left.prefix(25)
      left.removeFirst(part.count)
      let answer = try client.call(
        .dynamoDB, "BatchWriteItem", ["RequestItems": .object([name: .array(Array(part))])])
      left += answer["UnprocessedItems"][name].items
    }
  }

  // MARK: The table itself

  /// Creates the table, on demand and with point-in-time recovery, and waits until it is ready.
  /// - Returns: Whether it did not exist.
  func create() throws(AWSError) -> Bool {
    if try exists() { return false }
    do throws(AWSError) {
      try makeTable()
    } catch {
      // The answer to the first try was lost, or somebody else creates it
      guard case .rejected(let reason) = error, reason.hasPrefix("ResourceInUseException") else {
        throw error
      }
    }
    var waits = 0
    while try call("DescribeTable", [:])["Table"]["TableStatus"].string != "ACTIVE" {
      waits += 1
      guard waits < 120 else { throw .transient("\(name) does not become active", inDoubt: true) }
      sleep(1)
    }
    _ = try call(
      "UpdateContinuousBackups",
      ["PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true]])
    return true
  }

  private func makeTable() throws(AWSError) {
    _ = try call(
      "CreateTable",
      [
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
          ["AttributeName": "pk", "AttributeType": "S"],
          ["AttributeName": "sk", "AttributeType": "S"],
        ],
        "KeySchema": [
          ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "sk", "KeyType": "RANGE"],
        ],
      ])
  }

  private func exists() throws(AWSError) -> Bool {
    do throws(AWSError) {
      _ = try call("DescribeTable", [:])
      return true
    } catch {
      guard case .missing = error else { throw error }
      return false
    }
  }

  private func call(_ action: String, _ body: JSON) throws(AWSError) -> JSON {
    try client.call(.dynamoDB, action, body.with("TableName", .string(name)))
  }
}
