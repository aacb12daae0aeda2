import Values

/// What the OpenAPI description says of a route.
struct APIOperation: Sendable {
  /// A value that a request has in its query or form.
  struct Parameter: Sendable {
    let name: String
    let help: String
    var isRequired = false
  }

  /// The id, such as `listRuns`.
  let id: String
  /// A sentence about it, without a full stop.
  let summary: String
  /// The values that it takes.
  var parameters: [Parameter] = []
  /// The JSON schema of the answer.
  let schema: JSON

  /// The values that the audit log has: not settings, passwords, answers and bodies, which may be secret
  /// or personal.
  var notes: Set<String> {
    Set(parameters.map(\.name)).subtracting(["password", "answer", "body", "description"])
  }

  /// An operation that answers with a list of documents of a schema.
  static func list(
    _ id: String, _ summary: String, of schema: String, _ parameters: [Parameter] = []
  ) -> APIOperation {
    APIOperation(
      id: id, summary: summary, parameters: parameters,
      schema: ["type": "array", "items": reference(schema)])
  }

  /// An operation that answers with one document of a schema.
  static func one(
    _ id: String, _ summary: String, _ schema: String, _ parameters: [Parameter] = []
  ) -> APIOperation {
    APIOperation(id: id, summary: summary, parameters: parameters, schema: reference(schema))
  }

  private static func reference(_ name: String) -> JSON {
    ["$ref": .string("#/components/schemas/\(name)")]
  }
}
