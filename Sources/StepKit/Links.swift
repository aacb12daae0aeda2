public import Values

/// The kinds of things that have an id in more than one app.
public enum Kind: String, Sendable, CaseIterable {
  /// Who pays: a customer.
  case customer
  /// What is metered and invoiced: an account; a customer may have several.
  case account
  /// A demand for money.
  case invoice
  /// Money that came.
  case payment
  /// What was granted for a paid item: a purchase or an association of a price plan.
  case grant
  /// The order that a purchase made, which is paid already and never billed again.
  case order
}

/// A look into the ID mapping.
public struct FindEffect: Sendable, Hashable {
  /// The name under which the answer comes back.
  public let name: String
  /// The kind of thing.
  public let kind: Kind
  /// Its known ids, by app; any of them will do.
  public let ids: [String: String]
  /// The app whose id is wanted, and is the answer's value.
  ///
  /// Without it the value is an object of all ids, by app.
  public let app: String?
  /// Whether the version is wanted that the app holds, instead of the id that it gives the thing.
  public var wantsVersion = false
}

/// A new row of the ID mapping.
public struct LinkEffect: Sendable, Hashable {
  /// The kind of thing.
  public let kind: Kind
  /// Its ids, by app, at least two.
  ///
  /// An id that is linked to another thing already is a conflict.
  public let ids: [String: String]
  /// By app, the version of the thing that it holds from now on.
  ///
  /// A version is a number that grows with each change in the app that the thing comes from; the row
  /// keeps the highest.
  public var versions: [String: Int] = [:]
}

extension FindEffect {
  /// Reads the effect from a reply.
  public init(json: JSON) throws(Failure) {
    guard let name = json["name"].nonBlank else { throw .permanent("a find effect has a name") }
    let app = json["in"].string
    guard json["what"].isNull || (json["what"] == "version" && app != nil) else {
      throw .permanent("a find effect may want the \"version\" that an app holds, and nothing else")
    }
    self.init(
      name: name, kind: try linkedKind(of: json, "find"), ids: try linkedIDs(of: json, "find"),
      app: app, wantsVersion: !json["what"].isNull)
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    .members([
      "name": .string(name), "kind": .string(kind.rawValue), "ids": .texts(ids), "in": .text(app),
      "what": wantsVersion ? "version" : nil,
    ])
  }
}

extension LinkEffect {
  /// Reads the effect from a reply.
  public init(json: JSON) throws(Failure) {
    let versions = json["versions"].object ?? [:]
    guard json["versions"].isNull || versions.values.allSatisfy({ $0.int != nil }) else {
      throw .permanent("the versions of a link effect are whole numbers by app")
    }
    self.init(
      kind: try linkedKind(of: json, "link"), ids: try linkedIDs(of: json, "link"),
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

private func linkedKind(of json: JSON, _ effect: String) throws(Failure) -> Kind {
  guard let kind = json["kind"].string.flatMap(Kind.init(rawValue:)) else {
    let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    throw .permanent("the kind of a \(effect) effect is one of \(kinds)")
  }
  return kind
}

private func linkedIDs(of json: JSON, _ effect: String) throws(Failure) -> [String: String] {
  let ids = json["ids"].object?.compactMapValues(\.nonBlank) ?? [:]
  guard !ids.isEmpty, ids.count == json["ids"].object?.count else {
    throw .permanent("the ids of a \(effect) effect are texts by app")
  }
  return ids
}
