import Catalog
import Values

/// The field of a form for a setting of a connection or a field of a step.
struct SettingField {
  private let setting: Setting
  private let name: String
  private let value: String
  private let isRequired: Bool

  /// A field; a secret has no value, since nobody is shown it.
  init(_ setting: Setting, name: String, value: String, isRequired: Bool) {
    (self.setting, self.name, self.isRequired) = (setting, name, isRequired)
    self.value = setting.isSecret ? "" : value
  }

  /// The label with the field and its explanation.
  var node: Node {
    let words = setting.label + (setting.isOptional ? " (optional)" : "")
    return label {
      words
      if setting.choices.isEmpty, setting.form != .boolean { textInput } else { chosen }
      if let help { small { help } }
    }
  }

  private var help: String? {
    let standard = setting.standard.nonBlank.map { "Default: \($0)." }
    let all = [setting.help, standard].compactMap { $0 }
    return all.isEmpty ? nil : all.joined(separator: " ")
  }

  private var textInput: Node {
    var attributes: [Attribute] = [
      .name(name), .value(value), .placeholder(setting.example ?? ""), .noSpelling,
      .autocomplete("off"),
    ]
    if setting.isSecret { attributes.append(.type("password")) }
    if isRequired { attributes.append(.required) }
    return element("input", attributes, isVoid: true)
  }

  private var chosen: Node {
    let choices = setting.choices.isEmpty ? ["true", "false"] : setting.choices
    let standard = setting.standard.string ?? setting.standard.bool.map { "\($0)" }
    return choice(.name(name)) {
      if !isRequired { option(.value("")) { standard.map { "\($0) (default)" } ?? "not set" } }
      for item in choices {
        if item == value { option(.selected) { item } } else { option { item } }
      }
    }
  }
}
