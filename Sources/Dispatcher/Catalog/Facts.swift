import StepKit
import Values

/// A part of a data file, which says in its errors where it is.
struct Facts {
  let json: JSON
  let place: String

  init(_ json: JSON, of place: String) {
    self.json = json
    self.place = place
  }

  func text(_ name: String) throws(Problem) -> String {
    guard let text = json[name].nonBlank else { throw wrong(name, "must be a text") }
    return text
  }

  func optionalText(_ name: String) -> String? { json[name].nonBlank }

  /// A list of texts, or nil where there is none.
  func optionalTexts(_ name: String) throws(Problem) -> [String]? {
    if json[name].isNull { return nil }
    guard let items = json[name].array else { throw wrong(name, "must be a list of texts") }
    let texts = items.compactMap(\.nonBlank)
    guard texts.count == items.count else { throw wrong(name, "must be a list of texts") }
    return texts
  }

  func flag(_ name: String) -> Bool { json[name].bool ?? false }

  func member(_ name: String) throws(Problem) -> Facts {
    guard json[name].object != nil else { throw wrong(name, "must be an object") }
    return Facts(json[name], of: "\(place), \(name)")
  }

  func members(_ name: String) throws(Problem) -> [(String, Facts)] {
    guard let object = json[name].object else { throw wrong(name, "must be an object") }
    return object.sorted { $0.key < $1.key }.map { key, value in
      (key, Facts(value, of: "\(place), \(name).\(key)"))
    }
  }

  func list(_ name: String) throws(Problem) -> [Facts] {
    if json[name].isNull { return [] }
    guard let items = json[name].array else { throw wrong(name, "must be a list") }
    return items.enumerated().map { index, item in Facts(item, of: "\(place), \(name)[\(index)]") }
  }

  /// Refuses members of other names than these.
  func knows(_ names: [String]) throws(Problem) {
    let others = (json.object ?? [:]).keys.filter { !names.contains($0) }.sorted()
    guard let other = others.first else { return }
    throw wrong(other, "is unknown; there are \(names.joined(separator: ", "))")
  }

  func wrong(_ name: String, _ what: String) -> Problem {
    Problem(.configuration, "\(place): \"\(name)\" \(what)")
  }
}
