import Operations
import Records
import Values

/// The JSON schemas of the documents of the API.
enum APISchemas {
  /// The schemas by name.
  static let all: [String: JSON] = [
    "Problem": object(["error": text]),
    "Overview": object(
      ["partial": flag, "runs": ["type": "object"]],
      optional: ["latency": number, "hours": list(counts), "days": list(counts)]),
    "Run": run, "RunWithEffects": object(["run": reference("Run"), "effects": list(effect)]),
    "ReplayedCall": object(
      ["step": number, "round": number, "same": flag], optional: ["then": any, "now": any]),
    "Event": event(), "EventWithBody": event(["body": ["type": "object"]]),
    "UnreadableEvent": unreadable(), "UnreadableEventWithBody": unreadable(["body": text]),
    "Webhook": object([
      "id": text, "url": text, "disabled": flag, "ours": flag, "mayLeadHere": flag,
      "events": list(text), "missing": list(text),
    ]),
    "Link": object(
      ["kind": text, "ids": ["type": "object", "additionalProperties": text]],
      optional: ["versions": ["type": "object", "additionalProperties": number]]),
    "Flow": object(
      [
        "flow": text, "name": text, "visibility": ["enum": ["public", "private"]],
        "type": ["enum": ["inbound", "outbound"]], "when": part, "then": list(part),
      ], optional: ["description": text, "connections": list(reference("FlowConnection"))]),
    "FlowConnection": object(
      ["name": text, "flow": text, "enabled": flag, "steps": list(step)],
      optional: ["rivals": list(text)]),
    "Connection": object(
      ["name": text, "app": text, "settings": ["type": "object"]],
      optional: ["account": text, "paused": text]),
    "ConnectionDetails": object(
      [
        "name": text, "app": text, "account": text, "settings": ["type": "object"],
        "secrets": list(text),
      ],
      optional: [
        "paused": text, "rate": object(["used": number, "requests": number, "seconds": number]),
      ]),
    "Schedule": object(
      ["name": text, "schedule": text],
      optional: ["next": time, "last": time, "said": text, "ok": flag]),
    "ConnectionTest": object([
      "ok": flag, "said": text, "mayRead": list(text), "mayNotRead": list(text),
      "unknown": list(text),
      "findings": list(object(["subject": text, "words": text, "good": flag])),
    ]),
    "App": object([
      "app": text, "name": text, "description": text, "settings": list(setting),
      "triggers": list(appStep), "actions": list(appStep),
      "polls": list(appStep), "lists": list(appStep),
    ]),
    "Plan": object(
      [
        "flowConnection": text, "event": text, "changes": flag, "trouble": flag,
        "steps": list(planned),
      ]),
    "Customer": object(
      [
        "customer": text, "runs": list(reference("Run")),
        "activity": object([
          "invoices": list(reference("Invoice")), "plans": list(text),
          "payments": list(
            object(
              [
                "run": text, "at": time, "ids": ids, "amount": text, "currency": text,
                "status": text,
              ],
              optional: ["method": text])),
          "comments": list(object(["run": text, "at": time, "account": text, "text": text])),
        ]),
      ], optional: ["ids": ids, "account": ids]),
    "Invoice": object(
      [
        "run": text, "status": text, "at": time, "ids": ids, "customers": list(text),
        "period": text, "total": text, "tax": text, "paid": text, "isPaid": flag, "currency": text,
      ],
      optional: [
        "reason": text, "difference": text,
        "there": object(
          ["id": text, "account": text, "state": text, "currency": text, "at": time],
          optional: ["total": text, "tax": text, "paid": text]),
      ]),
    "AttentionItem": object(
      ["id": text, "cause": text, "since": time, "reason": text, "command": text],
      optional: [
        "run": text, "flowConnection": text, "customer": text, "amount": text, "nextTry": time,
        "assignedTo": text,
      ]),
    "Reconciliation": reconciliation,
    "ReconciliationDetails": object([
      "reconciliation": reference("Reconciliation"), "differences": list(reference("Difference")),
    ]),
    "Difference": difference,
    "Delivery": object(
      [
        "polls": list(
          object(
            ["poll": text, "account": text, "types": list(text)],
            optional: ["since": time, "readThrough": time, "failing": text]))
      ], optional: ["webhooks": webhookCounts, "catchUp": reference("CatchUp")]),
    "CatchUp": object(
      [
        "at": time, "by": text, "running": flag, "failures": list(text),
        "results": list(
          object([
            "poll": text, "account": text, "begins": flag, "read": number, "new": number,
            "runs": number,
          ])),
      ], optional: ["since": time, "until": time]),
    "Policy": ["type": "object"],
    "HeldChange": object(
      [
        "run": text, "flowConnection": text, "step": text, "connection": text, "kind": text,
        "request": text, "digest": text, "cause": text, "reason": text, "grantable": flag,
        "since": time, "approvals": number, "grantHours": number, "grantedBy": list(text),
      ],
      optional: [
        "customer": text, "amount": text, "body": text, "until": time, "refusedBy": text,
      ]),
    "AuditEntry": object(
      ["at": time, "by": text, "did": text, "outcome": text, "previous": text],
      optional: ["on": list(text), "what": list(text), "ends": number]),
    "Operator": object(["name": text, "role": text, "at": time]),
    "Token": object(["name": text, "operator": text, "at": time]),
    "NewToken": object(["token": text]),
  ]

  private static let text: JSON = ["type": "string"]
  private static let time: JSON = ["type": "string", "format": "date-time"]
  private static let flag: JSON = ["type": "boolean"]
  private static let number: JSON = ["type": "integer"]
  private static let any: JSON = [:]

  private static let counts = object(
    ["all": number, "trouble": number], optional: ["latency": number])

  private static let run = object(
    [
      "id": text, "flowConnection": text, "event": text, "lane": text, "at": time, "due": time,
      "status": ["enum": .texts(Run.Status.allCases.map(\.rawValue))], "step": number,
      "attempts": number,
      "log": list(
        object(["name": text, "status": text, "at": time], optional: ["note": text, "by": text])),
    ],
    optional: [
      "earlier": text, "failingSince": time, "outputs": list(any), "reason": text, "warning": text,
      "renewed": time, "repeats": text, "started": flag,
      "waitsFor": ["enum": ["person", "retry", "limit", "run"]],
      "customer": text, "waitsBehind": text,
    ])

  private static let effect = object([
    "step": number, "name": text,
    "record": object(
      ["state": text, "effect": ["type": "object"], "at": time, "round": number],
      optional: ["generation": number, "answer": any, "sent": time, "took": number]),
  ])

  private static let amount: JSON = ["type": "number"]

  private static let reconciliation = object(
    [
      "id": text, "at": time, "by": text, "period": text, "zone": text,
      "state": ["enum": .texts(KeptReconciliation.State.allCases.map(\.rawValue))],
    ],
    optional: [
      "flowConnection": text, "ended": time, "reason": text, "digest": text,
      "results": list(
        object([
          "name": text, "from": text, "to": text, "period": text, "zone": text, "since": time,
          "until": time, "at": time, "agrees": flag, "totals": ["type": "object"],
          "kinds": list(
            object(
              ["kind": text, "class": text, "count": number, "difference": amount],
              optional: ["currency": text])),
        ])),
      "signed": object(["by": text, "at": time, "digest": text], optional: ["note": text]),
    ])

  private static let webhookCounts = object([
    "since": time, "outcomes": ["type": "object", "additionalProperties": number],
    "refusals": list(object(["reason": text, "count": number, "last": time])),
  ])

  private static let difference = object(
    ["id": text, "result": number, "kind": text, "class": text, "note": text],
    optional: [
      "from": text, "to": list(text), "customer": text, "currency": text, "fromAmount": amount,
      "toAmount": amount, "difference": amount, "at": time,
      "explanation": object(["reason": text, "by": text, "at": time], optional: ["until": time]),
    ])

  private static let ids: JSON = ["type": "object", "additionalProperties": text]

  private static let planned = object(
    [
      "step": text, "connection": text, "deed": text, "outcome": text,
      "effects": list(["type": "object"]),
    ], optional: ["words": text])

  private static let part = object(
    ["step": text], optional: ["payload": ["type": "object"], "if": ["type": "object"]])

  private static let step = object(
    ["step": text, "connection": text, "payload": ["type": "object"], "set": list(text)],
    optional: ["if": ["type": "object"]])

  private static let setting = object(
    [
      "name": text, "label": text, "secret": flag, "optional": flag,
      "type": ["enum": ["text", "boolean", "number", "table", "timeZone", "schedule"]],
    ],
    optional: [
      "help": text, "example": text, "default": any, "variable": text, "choices": list(text),
    ])

  private static let appStep = object([
    "step": text, "label": text, "description": text, "fields": list(setting),
  ])

  private static func event(_ more: [String: JSON] = [:]) -> JSON {
    let members = [
      "event": text, "key": text, "at": time, "connection": text, "runs": list(text),
    ]
    return object(
      members.merging(more) { one, _ in one }, optional: ["type": text, "happened": time])
  }

  private static func unreadable(_ more: [String: JSON] = [:]) -> JSON {
    let members = [
      "event": text, "at": time, "connection": text, "reason": text, "bytes": number,
    ]
    return object(members.merging(more) { one, _ in one })
  }

  private static func reference(_ name: String) -> JSON {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  private static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }

  /// An object with these members and no others.
  private static func object(_ members: [String: JSON], optional: [String: JSON] = [:]) -> JSON {
    [
      "type": "object", "properties": .object(members.merging(optional) { one, _ in one }),
      "required": .texts(members.keys.sorted()), "additionalProperties": false,
    ]
  }
}
