import FoundationEssentials
public import StepKit
public import Values

/// What is known of a kind of requests that change something: `effects` in `app.json`, by `METHOD /path`.
///
/// `kind` names what the request does, such as `payment` or `void`; it is a text, or, where a member of
/// the body decides, an object with the path of the `member`, the `kinds` by its value and the kind `otherwise`.
/// `amount` lists where the money is that it moves, all of which is added up; of paths with `|` between, the
/// first counts that leads to something. Without it, the request moves none. `currency` lists where the currency is, of which the first counts. Both are paths that begin with
/// `body` or `input`, the input of the step; `*` is each item of a list. `minor` says of amounts in the body
/// that they are in minor units: the currencies that are `whole`, and the `setting` of the connection with
/// the decimal places by currency.
public struct EffectSpec: Sendable {
  /// The requests.
  let pattern: RequestPattern
  private let kind: String
  private let kindMember: String?
  private let kinds: [String: String]
  private let amounts: [String]
  private let currencies: [String]
  private let minor: MinorUnits?

  /// How an app counts minor units.
  private struct MinorUnits {
    let whole: Set<String>
    let setting: String?
  }

  /// An amount above this is not counted with.
  private static let most = Decimal(1_000_000_000_000_000)

  init(_ key: String, _ facts: ObjectReader) throws(Problem) {
    pattern = try RequestPattern.request(key, facts)
    if facts.json["kind"].object == nil {
      (kind, kindMember, kinds) = (try facts.text("kind"), nil, [:])
    } else {
      let named = try facts.member("kind")
      (kind, kindMember) = (try named.text("otherwise"), try named.text("member"))
      kinds = named.json["kinds"].textMembers
    }
    amounts = try facts.optionalTexts("amount") ?? []
    currencies = try facts.optionalTexts("currency") ?? []
    guard (amounts + currencies).allSatisfy({ $0.hasPrefix("body.") || $0.hasPrefix("input.") })
    else { throw facts.wrong("amount", "is a list of paths that begin with body or input") }
    let units = facts.json["minor"]
    minor =
      units.isNull
      ? nil
      : MinorUnits(
        whole: Set(units["whole"].items.compactMap(\.nonBlank)), setting: units["setting"].nonBlank)
  }

  /// The kind of a request, such as `payment`.
  func kind(of body: JSON) -> String {
    let named = kindMember.flatMap { Self.values(at: $0.split(separator: "."), in: body) } ?? []
    return named.lazy.compactMap { $0.string.flatMap { kinds[$0] } }.first ?? kind
  }

  /// The kinds that requests can have.
  var allKinds: Set<String> { Set(kinds.values).union([kind]) }

  /// The money that a request moves, by its body, the input of the step and the connection's settings.
  func amount(body: JSON, input: JSON, settings: JSON) -> EffectAmount {
    guard !amounts.isEmpty else { return .none }
    let document: JSON = ["body": body, "input": input]
    let currency = currencies.lazy.compactMap { document[path: $0].nonBlank?.uppercased() }.first
    guard let currency else { return .unknown }
    var sum: Decimal?
    for paths in amounts {
      var (chosen, values) = ("", [JSON]())
      var isIncomplete = false
      for path in paths.split(separator: "|") where values.isEmpty {
        let found = Self.values(at: path.split(separator: "."), in: document)
        isIncomplete = isIncomplete || found == nil
        (chosen, values) = (String(path), found ?? [])
      }
      guard !isIncomplete || !values.isEmpty else { return .unknown }
      for value in values {
        let isMinor = minor != nil && chosen.hasPrefix("body.")
        guard let places = isMinor ? places(of: currency, settings) : 0,
          let amount = value.amount, amount.magnitude <= Self.most
        else { return .unknown }
        sum = (sum ?? 0) + amount.magnitude * Decimal(minor: 1, places: places)
      }
    }
    guard let sum, sum <= Self.most else { return .unknown }
    return .known(Money(sum, currency))
  }

  /// The values at a path; none where it leads nowhere, nil where an item of a list lacks it.
  private static func values(at path: [Substring], in json: JSON) -> [JSON]? {
    guard let name = path.first else { return json.isNull ? [] : [json] }
    let rest = Array(path.dropFirst())
    guard name == "*" else { return values(at: rest, in: json[String(name)]) }
    var all: [JSON] = []
    for item in json.items {
      guard let values = values(at: rest, in: item), !values.isEmpty else { return nil }
      all += values
    }
    return all
  }

  /// The decimal places of the app's amounts in a currency; nil if they are not known for certain.
  private func places(of currency: String, _ settings: JSON) -> Int? {
    guard let minor else { return 0 }
    let texts = minor.setting.flatMap { settings[$0].nonBlank }?.split(separator: ",") ?? []
    for text in texts {
      let parts = text.split(separator: "=").map { $0.filter { $0 != " " } }
      guard parts.count == 2, parts[0].uppercased() == currency else { continue }
      return Int(parts[1]).flatMap { (0...4).contains($0) ? $0 : nil }
    }
    if minor.whole.contains(currency) { return 0 }
    return Money.places(of: currency) == 0 ? nil : 2
  }
}

extension App {
  /// What the app says of a request that changes something; nil if it says nothing.
  func effectSpec(of http: HTTPEffect) -> EffectSpec? {
    effects.first { $0.pattern.path(of: http) != nil }
  }

  /// The kind of a change, such as `payment`; `mail` for a mail, and `change` for a request of which the
  /// app says nothing.
  public func kind(of effect: Effect) -> String {
    switch effect {
    case .http(let http): effectSpec(of: http)?.kind(of: http.body) ?? "change"
    case .mail: "mail"
    case .find, .link: "none"
    }
  }

  /// The money that a change moves, by the input of its step and the settings of its connection.
  public func amount(of effect: Effect, input: JSON, settings: JSON) -> EffectAmount {
    guard case .http(let http) = effect else { return .none }
    return effectSpec(of: http)?.amount(body: http.body, input: input, settings: settings)
      ?? .unknown
  }

  /// All kinds of changes that the app declares.
  public var effectKinds: Set<String> {
    effects.reduce(into: []) { $0.formUnion($1.allKinds) }
  }
}
