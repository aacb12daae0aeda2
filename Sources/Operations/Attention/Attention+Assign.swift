public import Records
import Setup
import Store
public import Values

extension Attention {
  /// Says who looks after an item; nil for nobody.
  public func assign(
    _ item: AttentionItem, to person: String?, by other: String, now: Timestamp
  ) throws(Problem) {
    let key = StoreKey.assigned.key(item.id.percentEncoded)
    let document = person.map { person -> JSON in
      ["to": .string(person), "at": .string(now.text), "by": .string(other)]
    }
    _ = try registry.home.commit([document.map { .put(key, $0) } ?? .remove(key)])
  }

  /// Who looks after what, by the id of the item.
  func assigned() throws(Problem) -> [String: String] {
    var people: [String: String] = [:]
    for (key, document) in try registry.home.documents(below: StoreKey.assigned.prefix) {
      let name = StoreKey.assigned.name(in: key)
      people[name.percentDecoded ?? name] = document["to"].string
    }
    return people
  }
}
