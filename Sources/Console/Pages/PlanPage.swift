import Catalog
import Dispatcher
import Operations
import Records
import Setup
import StepKit
import Values

/// What a flow connection would do with an event: every effect, and none is performed.
enum PlanPage {
  static let routes: [Route] = [
    .post(
      "/flow-connections/:name/plan", .operator,
      .one("planFlow", "Plan a flow connection for an event", "Plan", parameters)
    ) { (visit) throws(Problem) in try plan(visit) }
  ]

  private static let parameters: [APIOperation.Parameter] = [
    .init(name: "event", help: "The key of a stored event"),
    .init(name: "body", help: "Or the body of an event, as JSON"),
    .init(name: "read", help: "yes: send read requests to the apps"),
  ]

  /// The form that asks for a plan; `event` is the key of a stored event.
  static func form(_ flow: String, event: String? = nil, _ visit: Visit) -> Node {
    visit.postForm(Address("flow-connections", flow, "plan"), .class("fields")) {
      if let event {
        input(.type("hidden"), .name("event"), .value(event))
      } else {
        label {
          "The body of an event, as JSON"
          textarea(.name("body"), .rows(4), .required, .noSpelling)
        }
      }
      label(.class("check")) {
        input(.type("checkbox"), .name("read"), .value("yes"))
        "Send read requests to the apps"
      }
      p { button { "Plan" } }
    }
  }

  private static func plan(_ visit: Visit) throws(Problem) -> Answer {
    let flow = try visit.registry.flows.connection(visit.path[0])
    let planner = Planner(
      registry: visit.registry, caller: visit.console.caller,
      mayRead: visit.field("read") == "yes")
    let plan = try planner.plan(event(visit), for: flow.name)
    let content = group {
      pageHead(
        "Plan of \(flow.name)",
        tag: plan.needsAttention
          ? tag("Would not complete", "bad")
          : plan.changes ? tag("Would change", "warn") : tag("Nothing would change", "good"))
      p(.class("soft")) {
        "Nothing was sent but reads, if you asked for them. An effect with “assumed” depends on an answer"
        " that nobody can know before."
      }
      ol(.class("steps")) {
        for part in plan.parts { item(part, visit.registry.catalog) }
      }
    }
    return .page(
      Answer.Page(
        title: "Plan of \(flow.name)", section: .flows, document: plan.json, content: content))
  }

  private static func event(_ visit: Visit) throws(Problem) -> JSON {
    if let key = visit.field("event") { return try EventStore(home: visit.home).entry(key).body }
    let text = try visit.required("body")
    do throws(JSONError) { return try JSON(parsing: text) } catch {
      throw Problem(.data, "the event is not JSON: \(error)")
    }
  }

  private static func item(_ part: Plan.Part, _ catalog: AppCatalog) -> Node {
    let isBad = ["fail", "not synced", "retry", "unknown"].contains(part.outcome)
    return li(.class(isBad ? "bad" : part.outcome == "done" ? "" : "wait")) {
      bold { (try? catalog.step(part.step).label) ?? "\(part.step)" }
      " "
      small { "\(part.step) · \(part.connection) · \(part.summary) · \(part.outcome)" }
      if let reason = part.reason { span(.class("why")) { bdi { reason } } }
      for effect in part.effects { detail(effect) }
    }
  }

  private static func detail(_ effect: PlannedEffect) -> Node {
    details {
      summary {
        tag(effect.changeKind.rawValue.titled, effect.changeKind.isChange ? "warn" : "")
        " "
        code { words(effect) }
        if effect.isAssumed { small { " · assumed" } }
      }
      if let body = effect.body { pre(.tabindex(0), .label("Request")) { body } }
      if let (answer, isAssumed) = effect.answer {
        paragraph(isAssumed ? "Answer, assumed" : "Answer")
        jsonText(answer.json, label: "Answer")
      }
    }
  }

  private static func paragraph(_ words: String) -> Node { p(.class("soft")) { words } }

  private static func words(_ effect: PlannedEffect) -> String {
    switch effect.effect {
    case .http(let http): "\(http.method.rawValue) \(effect.path ?? http.path)"
    case .find(let find): "find \(find.kind.rawValue) \(JSON.texts(find.ids).text)"
    case .mail(let mail): "mail \(mail.to.text): \(mail.subject)"
    case .link(let link): "link \(link.kind.rawValue) \(JSON.texts(link.ids).text)"
    }
  }
}
