import Foundation
import StepKit
import Values

/// Personal data in documents, recognized by the names of members, which apps and nouns share, and
/// e-mail addresses by their form.
enum PersonalData {
  /// The replacement of personal data.
  static let mark = "…"

  /// The names of members that are always personal, as lower-case letters and digits only.
  private static let names: Set<String> = [
    "firstname", "lastname", "middlename", "fullname", "contactname", "customername",
    "companyname", "company", "contactpersons", "attention", "salutation", "mobile", "fax", "line1",
    "line2", "line3", "street", "street2", "city", "zip", "zipcode", "postalcode", "website",
    "vatnumber", "taxid", "last4", "iin", "maskednumber",
  ]
  private static let endings = ["email", "emails", "phone", "phonenumber", "address", "addresses"]

  /// The names of members that are personal in an object about a person or a company: a price plan, a
  /// feature, a setting and a line of an invoice have a name too.
  private static let namesOfAnybody: Set<String> = ["name", "displayname"]

  /// The names of members that hold a person or a company, without a plural's end.
  private static let people: Set<String> = [
    "customer", "account", "contact", "person", "contactperson", "user", "owner", "payer", "parent",
    "billingaddress", "shippingaddress", "address",
  ]

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func isPersonal(_ name: String, inPerson: Bool) -> Bool {
    let plain = plain(name)
    return names.contains(plain) || (inPerson && namesOfAnybody.contains(plain))
      || endings.contains { plain.hasSuffix($0) }
  }

  /// Whether an object, which a member of this name holds, is about a person or a company: by that name,
  /// or since it has an address, a telephone number or the ids of a customer.
  private static func isPerson(_ members: [JSONMember], in name: String?) -> Bool {
    let holder = name.map(plain) ?? ""
    if people.contains(holder)
      || (holder.hasSuffix("s") && people.contains(String(holder.dropLast())))
    {
      return true
    }
    let own = members.map { plain($0.name) }
    if own.contains(where: { names.contains($0) || endings.contains(where: $0.hasSuffix) }) {
      return true
    }
    let isOther = own.contains { $0.hasPrefix("priceplan") || $0.hasPrefix("itemprice") }
    return !isOther
      && own.contains { ["customerid", "togaicustomerid", "togaiaccountid"].contains($0) }
  }

  private static func isID(_ name: String) -> Bool {
    name == "id" || name.hasSuffix("_id") || name.hasSuffix("Id")
  }

  /// The bytes of the ids in a document.
  static func ids(in json: JSON) -> Set<[UInt8]> {
    switch json {
    case .object, .namesakes:
      json.allMembers.reduce(into: []) { ids, member in
        if isID(member.name), let id = member.value.string { ids.insert(id.byteKey) }
        if member.name == "ids" { ids.formUnion(texts(member.value).map(\.byteKey)) }
        ids.formUnion(self.ids(in: member.value))
      }
    case .array(let items): items.reduce(into: []) { $0.formUnion(ids(in: $1)) }
    case .null, .bool, .number, .string: []
    }
  }

  /// A document without the values of personal members; `words` are replaced everywhere.
  ///
  /// `name` is that of the member which holds it.
  static func cut(_ json: JSON, _ words: Set<String> = [], in name: String? = nil) -> JSON {
    switch json {
    case .object, .namesakes:
      let isPerson = isPerson(json.allMembers, in: name)
      return json.mapMembers { name, value in
        isPersonal(name, inPerson: isPerson) ? blank(value) : cut(value, words, in: name)
      }
    case .array(let items): return .array(items.map { cut($0, words, in: name) })
    case .string(let text): return .string(cut(text, words))
    case .null, .bool, .number: return json
    }
  }

  /// A text without e-mail addresses and these words.
  static func cut(_ text: String, _ words: Set<String> = []) -> String {
    var text = text
    for word in words.sorted(by: { $0.utf8.count > $1.utf8.count }) where text.contains(word) {
      text = text.replacingWhole(word, with: mark)
    }
    guard text.contains("@") || text.contains("%40") else { return text }
    return text.replacing(/[\w.%+\-]+(?:@|%40)[\w\-]+(?:\.[\w\-]+)+/, with: mark)
  }

  /// The values of personal members in a document, which sentences about it may contain.
  static func words(in json: JSON, in name: String? = nil) -> Set<String> {
    switch json {
    case .object, .namesakes:
      let isPerson = isPerson(json.allMembers, in: name)
      return json.allMembers.reduce(into: []) { words, member in
        words.formUnion(
          isPersonal(member.name, inPerson: isPerson)
            ? texts(member.value) : self.words(in: member.value, in: member.name))
      }
    case .array(let items):
      return items.reduce(into: []) { $0.formUnion(words(in: $1, in: name)) }
    case .null, .bool, .number, .string: return []
    }
  }

  /// A value of the same form with all text and numbers replaced.
  private static func blank(_ json: JSON) -> JSON {
    switch json {
    case .string(let text): .string(text.isEmpty ? "" : mark)
    case .number: .string(mark)
    case .array(let items): .array(items.map(blank))
    case .object, .namesakes: json.mapMembers { _, value in blank(value) }
    case .null, .bool: json
    }
  }

  /// All texts in a value of at least three characters.
  private static func texts(_ json: JSON) -> Set<String> {
    switch json {
    case .string(let text): text.count < 3 ? [] : [text]
    case .array(let items): items.reduce(into: []) { $0.formUnion(texts($1)) }
    case .object, .namesakes:
      json.allMembers.filter { !isID($0.name) }.reduce(into: []) { $0.formUnion(texts($1.value)) }
    case .null, .bool, .number: []
    }
  }
}

extension String {
  /// The text with a word replaced where it is not a part of a longer word or of an id: `Ann` in
  /// `Ann, paid`, but neither in `Annual` nor in `plan-Ann`.
  func replacingWhole(_ word: String, with mark: String) -> String {
    guard !word.isEmpty else { return self }
    var result = ""
    var rest = self[...]
    while let found = rest.range(of: word) {
      let before = found.lowerBound == startIndex ? nil : self[index(before: found.lowerBound)]
      let after = found.upperBound == endIndex ? nil : self[found.upperBound]
      let isWhole = !Self.joins(before, word.first) && !Self.joins(after, word.last)
      result += rest[..<found.lowerBound] + (isWhole ? mark : word)
      rest = rest[found.upperBound...]
    }
    return result + rest
  }

  /// Whether a character beside a word makes a longer one of it.
  private static func joins(_ neighbor: Character?, _ edge: Character?) -> Bool {
    func isPart(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" } ?? false
    }
    return isPart(neighbor) && isPart(edge)
  }
}
