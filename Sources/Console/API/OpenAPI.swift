import Operations
import Setup
import Values

/// The description of the API (OpenAPI 3.1), made from the routes.
enum OpenAPI {
  static let routes: [Route] = [
    // Everybody may read how to ask
    .get("/openapi.json", nil) { (_) throws(Problem) in .document(document) }
  ]

  /// The description.
  static let document: JSON = [
    "openapi": "3.1.0",
    "info": [
      "title": "Meterbridge console", "version": .string(Version.text),
      "description": """
      What the pages of the console show and do. Send the token of an operator (`meterbridge operator token`) as
      Authorization: Bearer, and Accept: application/json. A list is a portion: the header Link with rel="next"
      has the address of the next one. An error is an object with the member error.
      """,
    ],
    "security": [["token": []]],
    "paths": paths,
    "components": [
      "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
      "schemas": .object(APISchemas.all),
      "responses": [
        "problem": [
          "description": "What is wrong, why, and what to do",
          "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
      ],
    ],
  ]

  private static var paths: JSON {
    var paths: [String: [String: JSON]] = [:]
    for route in Route.all {
      guard let operation = route.operation else { continue }
      paths[route.template, default: [:]][route.method.rawValue.lowercased()] = describe(
        operation, of: route)
    }
    return .object(paths.mapValues { .object($0) })
  }

  private static func describe(_ operation: APIOperation, of route: Route) -> JSON {
    let path = route.pattern.filter { $0.hasPrefix(":") }.map { segment -> JSON in
      [
        "name": .string(String(segment.dropFirst())), "in": "path", "required": true,
        "schema": ["type": "string"],
      ]
    }
    let query = route.method == .post ? [] : operation.parameters.map { $0.json(in: "query") }
    return .members([
      "operationId": .string(operation.id), "summary": .string(operation.summary),
      "description": route.role.map { .string("Needs the role \($0.rawValue).") },
      "parameters": path.isEmpty && query.isEmpty ? nil : .array(path + query),
      "requestBody": route.method == .post ? body(operation) : nil,
      "responses": [
        "200": [
          "description": .string(operation.summary),
          "content": ["application/json": ["schema": operation.schema]],
        ],
        "default": ["$ref": "#/components/responses/problem"],
      ],
    ])
  }

  private static func body(_ operation: APIOperation) -> JSON? {
    guard !operation.parameters.isEmpty else { return nil }
    let properties = operation.parameters.map { parameter in
      (
        parameter.name,
        ["type": "string", "description": .string(parameter.help)] as JSON
      )
    }
    let required = operation.parameters.filter(\.isRequired).map(\.name)
    let schema = JSON.members([
      "type": "object", "properties": .object(Dictionary(properties) { one, _ in one }),
      "required": required.isEmpty ? nil : .texts(required),
    ])
    return [
      "content": [
        "application/json": ["schema": schema],
        "application/x-www-form-urlencoded": ["schema": schema],
      ]
    ]
  }
}

extension Route {
  /// The path as OpenAPI writes it: `/runs/{run}`.
  var template: String {
    "/" + pattern.map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : $0 }.joined(separator: "/")
  }
}

extension APIOperation.Parameter {
  fileprivate func json(in place: String) -> JSON {
    .members([
      "name": .string(name), "in": .string(place), "description": .string(help),
      "required": isRequired ? true : nil, "schema": ["type": "string"],
    ])
  }
}
