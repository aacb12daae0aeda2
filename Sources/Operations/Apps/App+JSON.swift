public import Catalog
import Setup
public import Values

extension App {
  /// The app as `app show --json` prints it.
  public var json: JSON {
    let sorted = steps.values.sorted { $0.id < $1.id }
    return [
      "app": .string(id), "name": .string(name), "description": .string(description),
      "settings": .array((settings + Connection.common).map(\.json)),
      "triggers": .array(sorted.filter(\.isTrigger).map(\.json)),
      "actions": .array(sorted.filter(\.isAction).map(\.json)),
      "polls": .array(sorted.filter { $0.kind == "poll" }.map(\.json)),
      "lists": .array(sorted.filter { $0.kind == "list" }.map(\.json)),
    ]
  }
}

extension StepSpec {
  fileprivate var json: JSON {
    [
      "step": .string(id.description), "label": .string(label),
      "description": .string(description), "fields": .array(fields.map(\.json)),
    ]
  }
}

extension Setting {
  fileprivate var json: JSON {
    .members([
      "name": .string(name), "label": .string(label), "help": .text(help),
      "example": .text(example), "secret": .bool(isSecret), "optional": .bool(isOptional),
      "default": standard, "type": .string(form.rawValue),
      "variable": .text(variable),
      "choices": choices.isEmpty ? nil : .texts(choices),
    ])
  }
}
