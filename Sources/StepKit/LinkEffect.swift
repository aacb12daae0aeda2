public import Values

/// A new row of the ID mapping.
public struct LinkEffect: Sendable, Hashable {
  /// The kind of thing.
  public let kind: Kind
  /// At least two ids of the thing, by app; an id that is linked to another thing is a conflict.
  public let ids: [String: String]
  /// The version of the thing that each app now holds, by app.
  ///
  /// A version is a number that grows with each change in the app that the thing comes from; the row
  /// keeps the highest.
  public var versions: [String: Int] = [:]
}

extension LinkEffect {
  /// Reads the effect from a reply.
  ///
  /// - Throws: A permanent failure if a member is missing or wrong.
  public init(json: JSON) throws(Failure) {
    let versions = json["versions"].object ?? [:]
    guard json["versions"].isNull || versions.values.allSatisfy({ $0.int != nil }) else {
      throw .permanent("the versions of a link effect are whole numbers by app")
    }
    self.init(
      kind: try Kind(of: json, "link"), ids: try json.linkedIDs("link"),
      versions: versions.compactMapValues(\.int))
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    .members([
      "kind": .string(kind.rawValue), "ids": .texts(ids),
      "versions": versions.isEmpty ? nil : .object(versions.mapValues { .number(Numeral($0)) }),
    ])
  }
}
