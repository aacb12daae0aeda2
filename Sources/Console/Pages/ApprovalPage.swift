import Catalog
import Operations
import Policies
import Setup
import Values

/// A held change: the request that would leave, why it is held, and granting or refusing it.
enum ApprovalPage {
  static let routes: [Route] = [
    .get("/approvals/:run", .viewer, .one("getApproval", "A held change", "HeldChange")) {
      (visit) throws(Problem) in try page(visit)
    }
  ]

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let hold = try HoldStore(home: visit.home).hold(of: visit.path[0])
    let shown = try ShownHold(hold, in: visit.registry, at: visit.now)
    let content = group {
      pageHead("Held change", tag: tag(hold.cause.rawValue))
      factList([
        ("Run", a(.class("id"), .href(Address("runs", hold.run))) { hold.run }),
        (
          "Flow connection",
          a(.href(Address("flow-connections", hold.flowConnection))) { hold.flowConnection }
        ),
        ("Step", bdi { hold.step }), ("Customer", shown.customer.map(customerLink) ?? .empty),
        ("Amount", bdi { hold.money?.text ?? "not known" }),
        ("Why it is held", bdi { hold.reason }), ("Since", moment(hold.since)),
        ("Leaves by itself", hold.until.map(moment) ?? Node("no")),
        ("Granted by", bdi { shown.grantedBy.joined(separator: ", ") }),
        ("Operators who must grant", bdi { "\(hold.approvals)" }),
        ("Digest", idText(hold.digest)),
      ])
      h2 { "The request" }
      pre(.tabindex(0), .role("region"), .label("Request")) {
        shown.request + (shown.body.map { "\n\n\(lines(of: $0))" } ?? "")
      }
      if visit.may(.approver), hold.cause.isGrantable {
        visit.postForm(Address("approvals")) {
          input(.type("hidden"), .name("change"), .value(ApprovalsPage.reference(shown)))
          ApprovalsPage.decision(sums: [], "")
        }
      }
    }
    return .page(
      Answer.Page(
        title: "Held change", section: .approvals, document: shown.json, content: content))
  }

  /// A body as people read it: a field of a form in each line.
  private static func lines(of body: String) -> String {
    guard !body.hasPrefix("{"), let fields = Form.decode(body.utf8), fields.count > 1 else {
      return body
    }
    return fields.map { "\($0.name) = \($0.value)" }.joined(separator: "\n")
  }
}
