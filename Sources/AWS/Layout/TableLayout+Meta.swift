extension TableLayout {
  /// Whether a table has a store of a name.
  static func exists(_ space: String, in table: DynamoDBTable) throws(AWSError) -> Bool {
    try table.get(ItemKey("\(space)/meta")) != nil
  }

  /// The layout of a store in a table, which is made if there is none.
  init(
    of space: String, in table: DynamoDBTable, groups: [String], shards: Int
  ) throws(AWSError) {
    let place = ItemKey("\(space)/meta")
    var meta = try table.get(place)
    if meta == nil {
      let new = Item(
        place,
        [
          "format": .number(1), "shards": .number(shards), "nw": .number(1),
          "groups": .text(groups.joined(separator: "\n")),
        ])
      do throws(AWSError) {
        try table.transact([.put(new, if: .absent)])
        meta = new
      } catch {
        // Somebody else has made it
        guard error == .conditionFailed else { throw error }
        meta = try table.get(place)
      }
    }
    guard let meta, let shards = meta.number("shards"), shards > 0 else {
      throw .rejected("the store \(space) in the table \(table.name) has no description")
    }
    guard meta.number("format") == 1 else {
      throw .rejected("a newer build of Meterbridge made the store in the table \(table.name)")
    }
    self.init(
      space: space, shards: shards,
      groups: (meta.text("groups") ?? "").split(separator: "\n").map(String.init))
  }
}
