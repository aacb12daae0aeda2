import StepKit
import Values

/// Personal data in documents, recognized by the names of members, which apps and nouns share, and
/// e-mail addresses by their form.
enum PersonalData {
  /// The replacement of personal data.
  static let mark = "…"

  /// The names of personal members, as letters and digits only.
  private static let names: Set<String> = [
    "name", "firstname", "lastname", "middlename", "fullname", "displayname", "contactname",
    "customername", "companyname", "company", "contactpersons", "attention", "salutation", "mobile",
    "fax", "line1", "line2", "line3", "street", "street2", "city", "zip", "zipcode", "postalcode",
    "website", "vatnumber", "taxid", "last4", "iin", "maskednumber",
  ]
  private static let endings = ["email", "emails", "phone", "phonenumber", "address", "addresses"]

  private static func isPersonal(_ name: String) -> Bool {
    let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
    return names.contains(plain) || endings.contains { plain.hasSuffix($0) }
  }

  private static func isID(_ name: String) -> Bool {
    name == "id" || name.hasSuffix("_id") || name.hasSuffix("Id")
  }

  /// The ids in a document.
  static func ids(in json: JSON) -> Set<String> {
    switch json {
    case .object(let members):
      members.reduce(into: []) { ids, member in
        if isID(member.key), let id = member.value.string { ids.insert(id) }
        if member.key == "ids" { ids.formUnion(texts(member.value)) }
        ids.formUnion(self.ids(in: member.value))
      }
    case .array(let items): items.reduce(into: []) { $0.formUnion(ids(in: $1)) }
    case .null, .bool, .number, .string: []
    }
  }

  /// A document without the values of personal members; `words` are replaced everywhere.
  static func cut(_ json: JSON, _ words: Set<String> = []) -> JSON {
    switch json {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, value in
            (name, isPersonal(name) ? blank(value) : cut(value, words))
          }))
    case .array(let items): .array(items.map { cut($0, words) })
    case .string(let text): .string(cut(text, words))
    case .null, .bool, .number: json
    }
  }

  /// A text without e-mail addresses and these words.
  static func cut(_ text: String, _ words: Set<String> = []) -> String {
    var text = text
    for word in words.sorted(by: { $0.utf8.count > $1.utf8.count }) where text.contains(word) {
      text.replace(word, with: mark)
    }
    guard text.contains("@") || text.contains("%40") else { return text }
    return text.replacing(/[\w.%+\-]+(?:@|%40)[\w\-]+(?:\.[\w\-]+)+/, with: mark)
  }

  /// The values of personal members in a document, which sentences about it may contain.
  static func words(in json: JSON) -> Set<String> {
    switch json {
    case .object(let members):
      members.reduce(into: []) { words, member in
        words.formUnion(isPersonal(member.key) ? texts(member.value) : self.words(in: member.value))
      }
    case .array(let items): items.reduce(into: []) { $0.formUnion(words(in: $1)) }
    case .null, .bool, .number, .string: []
    }
  }

  /// A value of the same form with all text and numbers replaced.
  private static func blank(_ json: JSON) -> JSON {
    switch json {
    case .string(let text): .string(text.isEmpty ? "" : mark)
    case .number: .string(mark)
    case .array(let items): .array(items.map(blank))
    case .object(let members): .object(members.mapValues(blank))
    case .null, .bool: json
    }
  }

  /// All texts in a value of at least three characters.
  private static func texts(_ json: JSON) -> Set<String> {
    switch json {
    case .string(let text): text.count < 3 ? [] : [text]
    case .array(let items): items.reduce(into: []) { $0.formUnion(texts($1)) }
    case .object(let members):
      members.filter { !isID($0.key) }.values.reduce(into: []) { $0.formUnion(texts($1)) }
    case .null, .bool, .number: []
    }
  }
}
