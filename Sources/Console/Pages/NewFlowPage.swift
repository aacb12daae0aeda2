import Catalog
import HTTPServer
import Operations
import Setup
import StepKit
import Values

/// Creates a flow in the steps of the original: define the flow, the trigger, the actions; preview; save.
///
/// The address carries what was chosen so far, so that the browser's way back works.
enum NewFlowPage {
  static let routes: [Route] = [
    .get("/new-flow", .administrator) { (visit) throws(Problem) in try page(visit) },
    .post("/flows", .administrator, .one("createFlow", "Create a flow", "Flow", parameters)) {
      (visit) throws(Problem) in try create(visit)
    },
  ]

  private static let parameters: [APIOperation.Parameter] = [
    .init(name: "name", help: "The name", isRequired: true),
    .init(name: "description", help: "What the flow does"),
    .init(name: "type", help: "inbound or outbound", isRequired: true),
    .init(name: "trigger", help: "The step that starts the flow: app/step", isRequired: true),
    .init(
      name: "action", help: "The steps that follow, in order; may be repeated", isRequired: true),
    .init(name: "set:APP/STEP.FIELD", help: "A field of a step"),
    .init(name: "if:APP/STEP", help: "The condition of a step, as JSON"),
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let form = NewFlowForm(visit, visit.request.query)
    let fault = try form.fault(visit.registry)
    let next = try form.node(visit.registry)
    let content = group {
      pageHead("New flow")
      form.progress
      if let fault {
        div(.class("note bad"), .role("alert")) { p { fault } }
      }
      next
    }
    return .page(
      Answer.Page(title: "New flow", section: .flows, document: .null, content: content))
  }

  private static func create(_ visit: Visit) throws(Problem) -> Answer {
    let form = NewFlowForm(visit, visit.form)
    let draft = try form.draft(visit.registry.catalog)
    let id = Flow.id(ofName: draft.name)
    guard !id.isEmpty else {
      throw Problem(.usage, "cannot make an id from the name; it needs a letter or digit")
    }
    let flow = try visit.registry.flows.add(flow: id, json: draft.json)
    return .done(
      flow.shown, next: Address("flows", flow.id),
      note: "\(flow.name) is created. Connect it, and it does something.")
  }
}
