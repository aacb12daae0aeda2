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
}

/// A new row of the ID mapping.
public struct LinkEffect: Sendable, Hashable {
  /// The kind of thing.
  public let kind: Kind
  /// Its ids, by app, at least two.
  ///
  /// An id that is linked to another thing already is a conflict.
  public let ids: [String: String]
}

extension FindEffect {
  /// Reads the effect from a reply.
  public init(json: JSON) throws(Failure) {
    guard let name = json["name"].words else { throw .permanent("a find effect has a name") }
    self.init(
      name: name, kind: try linkedKind(of: json, "find"), ids: try linkedIDs(of: json, "find"),
      app: json["in"].string)
  }

  /// The effect as it goes over the pipe.
  public var json: JSON {
    .members([
      "name": .string(name), "kind": .string(kind.rawValue), "ids": .texts(ids), "in": .text(app),
    ])
  }
}

extension LinkEffect {
  /// Reads the effect from a reply.
  public init(json: JSON) throws(Failure) {
    self.init(kind: try linkedKind(of: json, "link"), ids: try linkedIDs(of: json, "link"))
  }

  /// The effect as it goes over the pipe.
  public var json: JSON { ["kind": .string(kind.rawValue), "ids": .texts(ids)] }
}

private func linkedKind(of json: JSON, _ effect: String) throws(Failure) -> Kind {
  guard let kind = json["kind"].string.flatMap(Kind.init(rawValue:)) else {
    let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    throw .permanent("the kind of a \(effect) effect is one of \(kinds)")
  }
  return kind
}

private func linkedIDs(of json: JSON, _ effect: String) throws(Failure) -> [String: String] {
  let ids = json["ids"].object?.compactMapValues(\.words) ?? [:]
  guard !ids.isEmpty, ids.count == json["ids"].object?.count else {
    throw .permanent("the ids of a \(effect) effect are texts by app")
  }
  return ids
}
