/// Reads the members of a JSON object; an error names the member and the document it is in.
public struct ObjectReader {
  /// The object.
  public let json: JSON
  /// The document, and the path in it, for errors: `togai/app.json, http`.
  public let place: String

  /// A reader of a document.
  public init(_ json: JSON, of place: String) {
    self.json = json
    self.place = place
  }

  /// A text that is not blank.
  ///
  /// - Throws: a `configuration` problem where there is none.
  public func text(_ name: String) throws(Problem) -> String {
    guard let text = json[name].nonBlank else { throw wrong(name, "must be a text") }
    return text
  }

  /// A text that is not blank, or nil.
  public func optionalText(_ name: String) -> String? { json[name].nonBlank }

  /// A list of texts, or nil where there is none.
  ///
  /// - Throws: a `configuration` problem where the member is something else.
  public func optionalTexts(_ name: String) throws(Problem) -> [String]? {
    if json[name].isNull { return nil }
    let texts = json[name].array?.compactMap(\.nonBlank)
    guard let texts, texts.count == json[name].array?.count else {
      throw wrong(name, "must be a list of texts")
    }
    return texts
  }

  /// Whether a member is `true`.
  public func flag(_ name: String) -> Bool { json[name].bool ?? false }

  /// An object.
  ///
  /// - Throws: a `configuration` problem where the member is none.
  public func member(_ name: String) throws(Problem) -> ObjectReader {
    guard json[name].object != nil else { throw wrong(name, "must be an object") }
    return ObjectReader(json[name], of: "\(place), \(name)")
  }

  /// The members of an object, by name in the order of the names.
  ///
  /// - Throws: a `configuration` problem where the member is no object.
  public func members(_ name: String) throws(Problem) -> [(String, ObjectReader)] {
    guard let object = json[name].object else { throw wrong(name, "must be an object") }
    return object.sorted { $0.key < $1.key }.map { key, value in
      (key, ObjectReader(value, of: "\(place), \(name).\(key)"))
    }
  }

  /// A list of objects; empty where there is none.
  ///
  /// - Throws: a `configuration` problem where the member is something else.
  public func list(_ name: String) throws(Problem) -> [ObjectReader] {
    if json[name].isNull { return [] }
    guard let items = json[name].array else { throw wrong(name, "must be a list") }
    return items.enumerated().map { index, item in
      ObjectReader(item, of: "\(place), \(name)[\(index)]")
    }
  }

  /// A time in ISO 8601.
  ///
  /// - Throws: a `configuration` problem where the member is none.
  public func time(_ name: String) throws(Problem) -> Timestamp {
    guard let time = Timestamp(iso: try text(name)) else { throw wrong(name, "must be a time") }
    return time
  }

  /// Refuses members of other names than these.
  ///
  /// - Throws: a `configuration` problem that names the first unknown member.
  public func knows(_ names: [String]) throws(Problem) {
    let others = (json.object ?? [:]).keys.filter { !names.contains($0) }.sorted()
    guard let other = others.first else { return }
    throw wrong(other, "is unknown; there are \(names.joined(separator: ", "))")
  }

  /// A `configuration` problem with a member.
  public func wrong(_ name: String, _ what: String) -> Problem {
    Problem(.configuration, "\(place): \"\(name)\" \(what)")
  }
}
