import Store

/// The item of a record.
///
/// | attribute | content |
/// |---|---|
/// | `n` | the stamp of the commit that wrote it |
/// | `v`, or `c` | the value, or the reference of its chunks; neither if the record was removed |
/// | `x` | the stamp of a long commit that is about to write it |
/// | `xv`, or `xc` | what that commit writes; neither if it removes the record |
/// | `xk` | that commit only relies on the record |
struct StoredRecord: Sendable {
  let key: Key
  /// The last version of a commit; nil if there never was one.
  let version: ContentVersion?
  /// What a long commit is about to write.
  let staged: Staged?

  struct Staged: Equatable, Sendable {
    let version: ContentVersion
    let isCheck: Bool
  }

  init(_ key: Key, _ version: ContentVersion?, staged: Staged? = nil) {
    (self.key, self.version, self.staged) = (key, version, staged)
  }

  /// - Throws: `rejected` if the item is not one that a store writes.
  init(_ item: Item) throws(AWSError) {
    key = Key(item.key.sort.utf8)
    version = try Self.version(item, "n", "v", "c")
    staged = try Self.version(item, "x", "xv", "xc").map {
      Staged(version: $0, isCheck: item.number("xk") != nil)
    }
  }

  private static func version(
    _ item: Item, _ stamp: String, _ text: String, _ chunks: String
  ) throws(AWSError) -> ContentVersion? {
    guard let written = item.text(stamp) else { return nil }
    guard let stamp = Stamp(written) else { throw damaged(item) }
    if let value = item.text(text) { return ContentVersion(stamp: stamp, content: .text(value)) }
    guard let place = item.text(chunks) else {
      return ContentVersion(stamp: stamp, content: .removed)
    }
    guard let reference = ChunkReference(place) else { throw damaged(item) }
    return ContentVersion(stamp: stamp, content: .chunks(reference))
  }

  private static func damaged(_ item: Item) -> AWSError {
    .rejected("the item of the record \(item.key.sort) is not one that Meterbridge writes")
  }

  // MARK: Writing

  /// The write of a version, if the record still is this one and no long commit is about to write it.
  func replaced(by new: ContentVersion, at place: ItemKey) -> ItemWrite {
    .put(Self.item(new, at: place), if: unchanged)
  }

  /// The condition that the record still is this one.
  var unchanged: Expression {
    guard let version else {
      return Expression("attribute_not_exists(n) AND attribute_not_exists(x)")
    }
    return Expression(
      "n = :n AND attribute_not_exists(x)", [":n": .text("\(version.stamp)")])
  }

  /// The write that announces what a long commit writes, if the record still is this one.
  func staged(_ new: Staged, at place: ItemKey) -> ItemWrite {
    var values = new.version.content.attributes(text: "xv", chunks: "xc")
    values["x"] = .text("\(new.version.stamp)")
    if new.isCheck { values["xk"] = .number(1) }
    let names = values.keys.sorted()
    return .update(
      place,
      Expression(
        "SET " + names.map { "\($0) = :\($0)" }.joined(separator: ", "),
        Dictionary(uniqueKeysWithValues: names.map { (":\($0)", values[$0] ?? .number(0)) })),
      if: unchanged)
  }

  /// The write that ends a long commit in this record: it happened, or it did not; nil if there is none.
  func settled(happened: Bool, at place: ItemKey) -> ItemWrite? {
    guard let staged else { return nil }
    let still = Expression("x = :x", [":x": .text("\(staged.version.stamp)")])
    if happened, !staged.isCheck {
      return .put(Self.item(staged.version, at: place), if: still)
    }
    return version.map { .put(Self.item($0, at: place), if: still) } ?? .delete(place, if: still)
  }

  private static func item(_ version: ContentVersion, at place: ItemKey) -> Item {
    var attributes = version.content.attributes(text: "v", chunks: "c")
    attributes["n"] = .text("\(version.stamp)")
    return Item(place, attributes)
  }
}
