public import Values

/// A lookup in the ID mapping.
public struct FindEffect: Sendable, Hashable {
  /// The name under which the answer comes back.
  public let name: String
  /// The kind of thing.
  public let kind: Kind
  /// Known ids of the thing, by app; any one of them suffices.
  public let ids: [String: String]
  /// The app whose id is the answer's value; without one, the value is an object of all ids by app.
  public let app: String?
  /// Whether the value is the version that the app holds, instead of its id.
  public var wantsVersion = false
}

extension FindEffect {
  /// Reads the effect from a reply.
  ///
  /// - Throws: A permanent failure if a member is missing or wrong.
  public init(json: JSON) throws(Failure) {
    guard let name = json["name"].nonBlank else { throw .permanent("a find effect has a name") }
    let app = json["in"].string
    guard json["what"].isNull || (json["what"] == "version" && app != nil) else {
      throw .permanent("a find effect may want the \"version\" that an app holds, and nothing else")
    }
    self.init(
      name: name, kind: try Kind(of: json, "find"), ids: try json.linkedIDs("find"), app: app,
      wantsVersion: !json["what"].isNull)
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    .members([
      "name": .string(name), "kind": .string(kind.rawValue), "ids": .texts(ids), "in": .text(app),
      "what": wantsVersion ? "version" : nil,
    ])
  }
}

extension Kind {
  /// The kind of a find or link effect.
  init(of json: JSON, _ effect: String) throws(Failure) {
    guard let kind = json["kind"].string.flatMap(Kind.init(rawValue:)) else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw .permanent("the kind of a \(effect) effect is one of \(kinds)")
    }
    self = kind
  }
}

extension JSON {
  /// The ids of a find or link effect, by app.
  func linkedIDs(_ effect: String) throws(Failure) -> [String: String] {
    let ids = self["ids"].textMembers
    guard !ids.isEmpty, ids.count == self["ids"].object?.count else {
      throw .permanent("the ids of a \(effect) effect are texts by app")
    }
    return ids
  }
}
