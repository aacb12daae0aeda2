/// An attribute of an element.
///
/// No attribute holds a script or a style: the policy of the pages forbids both.
struct Attribute: Sendable {
  let name: StaticString
  /// The value; nil for a flag such as `checked`.
  let value: String?

  private init(_ name: StaticString, _ value: String? = nil) {
    (self.name, self.value) = (name, value)
  }

  // MARK: Of all elements

  static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
  static func id(_ id: String) -> Attribute { Attribute("id", id) }
  static func title(_ text: String) -> Attribute { Attribute("title", text) }
  static func lang(_ code: String) -> Attribute { Attribute("lang", code) }
  static func role(_ role: String) -> Attribute { Attribute("role", role) }
  static func tabindex(_ number: Int) -> Attribute { Attribute("tabindex", "\(number)") }
  static func label(_ words: String) -> Attribute { Attribute("aria-label", words) }
  static func labelledBy(_ id: String) -> Attribute { Attribute("aria-labelledby", id) }
  static func describedBy(_ id: String) -> Attribute { Attribute("aria-describedby", id) }
  static let currentStep = Attribute("aria-current", "step")
  static let currentPage = Attribute("aria-current", "page")
  static let isHiddenFromReaders = Attribute("aria-hidden", "true")

  // MARK: For the script

  /// A part of the page that the script fetches again every few seconds.
  static let live = Attribute("data-live")
  /// The text that a button copies.
  static func copies(_ text: String) -> Attribute { Attribute("data-copy", text) }
  /// A link by which the script searches on.
  static let searches = Attribute("data-search")
  /// What stands where a list of this id has nothing.
  static func insteadOf(_ list: String) -> Attribute { Attribute("data-instead", list) }
  /// A check box that checks all of its form.
  static let checksAll = Attribute("data-all")

  // MARK: Of links and media

  static func href(_ address: Address) -> Attribute { Attribute("href", address.text) }
  static func src(_ address: Address) -> Attribute { Attribute("src", address.text) }
  static func rel(_ relation: String) -> Attribute { Attribute("rel", relation) }
  static func datetime(_ time: String) -> Attribute { Attribute("datetime", time) }
  static func colspan(_ count: Int) -> Attribute { Attribute("colspan", "\(count)") }
  static func scope(_ scope: String) -> Attribute { Attribute("scope", scope) }
  static func content(_ text: String) -> Attribute { Attribute("content", text) }
  static func charset(_ name: String) -> Attribute { Attribute("charset", name) }
  static let `defer` = Attribute("defer")

  // MARK: Of forms

  static func action(_ address: Address) -> Attribute { Attribute("action", address.text) }
  static let post = Attribute("method", "post")
  static func name(_ name: String) -> Attribute { Attribute("name", name) }
  static func value(_ value: String) -> Attribute { Attribute("value", value) }
  static func type(_ type: String) -> Attribute { Attribute("type", type) }
  static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
  static func form(_ id: String) -> Attribute { Attribute("form", id) }
  static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", text) }
  static func autocomplete(_ what: String) -> Attribute { Attribute("autocomplete", what) }
  static func rows(_ count: Int) -> Attribute { Attribute("rows", "\(count)") }
  static let required = Attribute("required")
  static let checked = Attribute("checked")
  static let selected = Attribute("selected")
  static let autofocus = Attribute("autofocus")
  static let open = Attribute("open")
  static let disabled = Attribute("disabled")
  static let noSpelling = Attribute("spellcheck", "false")

  // MARK: Of pictures (SVG)

  static func viewBox(_ width: Int, _ height: Int) -> Attribute {
    Attribute("viewBox", "0 0 \(width) \(height)")
  }
  static func x(_ number: Int) -> Attribute { Attribute("x", "\(number)") }
  static func y(_ number: Int) -> Attribute { Attribute("y", "\(number)") }
  static func width(_ number: Int) -> Attribute { Attribute("width", "\(number)") }
  static func height(_ number: Int) -> Attribute { Attribute("height", "\(number)") }
  static func corner(_ number: Int) -> Attribute { Attribute("rx", "\(number)") }
  static func line(_ text: String) -> Attribute { Attribute("d", text) }
}
