import Dispatcher
import Foundation
import StepKit
import Values

/// Where a flow is taken from: a file, the home, or what was said on the command line.
enum FlowFile {
  /// The flow of a file, with the id that its name gives it.
  static func read(_ path: String, _ context: Context) throws(Problem) -> (id: String, json: JSON) {
    let bytes = try context.bytes(of: path, "flow file")
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    return (name, try Context.document(bytes, path))
  }

  /// A flow that is spoken of by its id, or by the path of its file.
  static func find(_ word: String, _ context: Context) throws(Problem) -> (id: String, json: JSON) {
    if word == "-" || word.contains("/") || word.hasSuffix(".json") {
      return try read(word, context)
    }
    let flow = try context.registryToLookAt().flow(word)
    return (flow.id, flow.json)
  }

  /// A flow out of `--trigger`, `--action` and what goes with them.
  static func said(_ arguments: Arguments) throws(Problem) -> JSON {
    let payloads = try payloads(arguments)
    var conditions: [String: JSON] = [:]
    for (step, text) in try arguments.pairs("if") {
      conditions[step] = try Context.document(Array(text.utf8), "the condition of \(step)")
    }
    let trigger = try arguments.required("trigger")
    let actions = arguments.all("action")
    guard !actions.isEmpty else { throw arguments.wrong("--action is missing") }
    let type = try arguments.required("type")
    guard Flow.Direction(rawValue: type) != nil else {
      throw arguments.wrong("--type \"\(type)\" is not inbound or outbound")
    }
    let steps = [trigger] + actions
    for step in steps where StepID(step) == nil {
      throw arguments.wrong("\"\(step)\" is no step: it is written app/step")
    }
    for step in (Array(payloads.keys) + conditions.keys).sorted() where !steps.contains(step) {
      throw arguments.wrong("\(step) is no step of this flow")
    }
    func part(_ step: String) -> JSON {
      .members([
        "step": .string(step), "payload": payloads[step].map { .object($0) },
        "if": conditions[step],
      ])
    }
    return .members([
      "name": .string(try arguments.required("name")),
      "description": .text(arguments.value("description")),
      "type": .string(type), "when": part(trigger),
      "then": .array(actions.map(part)),
    ])
  }

  /// An id for a flow of that name: `Chargebee - CRM` is `chargebee-crm`.
  static func id(ofName name: String) -> String {
    name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      .joined(separator: "-")
  }

  private static func payloads(_ arguments: Arguments) throws(Problem) -> [String: [String: JSON]] {
    var payloads: [String: [String: JSON]] = [:]
    for (place, text) in try arguments.pairs("set") {
      let parts = place.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw arguments.wrong("\"\(place)\" must be of the form app/step.field")
      }
      // What is no JSON is a text
      payloads[parts[0], default: [:]][parts[1]] = (try? JSON(parsing: text)) ?? .string(text)
    }
    return payloads
  }
}
