import Catalog
import Foundation
import Operations
import Setup
import Values

/// Reads a flow from a file, from the home or from the options of `flow new`.
enum FlowFile {
  /// The flow in a file, with the file's name as its id.
  static func read(_ path: String, _ context: Context) throws(Problem) -> (id: String, json: JSON) {
    let bytes = try context.bytes(of: path, "flow file")
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    return (name, try Context.document(bytes, path))
  }

  /// The flow that an id, an alias, a name or the path of a file names.
  static func find(_ word: String, _ context: Context) throws(Problem) -> Flow {
    guard word == "-" || word.contains("/") || word.hasSuffix(".json") else {
      return try context.registry(.orEmpty).flows.get(word)
    }
    let (id, json) = try read(word, context)
    return try context.catalog().flow(id, json)
  }

  /// The flow that `--trigger`, `--action` and the options beside them describe.
  static func described(by arguments: Arguments) throws(Problem) -> JSON {
    var payloads: [String: [String: JSON]] = [:]
    for (step, field, text) in try arguments.fields() {
      // A value that is not JSON is a text
      payloads["\(step)", default: [:]][field] = (try? JSON(parsing: text)) ?? .string(text)
    }
    var conditions: [String: JSON] = [:]
    for (step, text) in try arguments.pairs("if") {
      conditions[step] = try Context.document(Array(text.utf8), "the condition of \(step)")
    }
    let trigger = try arguments.required("trigger")
    let actions = arguments.all("action")
    guard !actions.isEmpty else { throw arguments.wrong("missing option --action") }
    let type = try arguments.required("type")
    guard Flow.Direction(rawValue: type) != nil else {
      throw arguments.wrong("--type \"\(type)\" is not inbound or outbound")
    }
    let steps = [trigger] + actions
    for step in steps { _ = try arguments.step(step) }
    for step in (Array(payloads.keys) + conditions.keys).sorted() where !steps.contains(step) {
      throw arguments.wrong("this flow has no step \(step)")
    }
    var draft = FlowDraft(
      name: try arguments.required("name"), description: arguments.value("description"),
      type: type, trigger: trigger, actions: actions)
    (draft.payloads, draft.conditions) = (payloads, conditions)
    return draft.json
  }
}

extension Flow {
  /// The flow as a file for version control.
  var file: String {
    json.pretty(
      first: [
        "name", "description", "type", "when", "then", "step", "if", "path", "payload", "policy",
      ])
  }
}
