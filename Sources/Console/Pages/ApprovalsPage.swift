import Catalog
import Operations
import Policies
import Setup
import Values

/// The changes that do not leave yet: what each would send, and granting or refusing them.
enum ApprovalsPage {
  static let routes: [Route] = [
    .get(
      "/approvals", .viewer,
      .list("listApprovals", "The changes that do not leave yet", of: "HeldChange", filters)
    ) { (visit) throws(Problem) in try list(visit) },
    .get("/approvals.csv") { (visit) throws(Problem) in
      let columns = [
        "run", "flowConnection", "step", "connection", "kind", "request", "customer", "amount",
        "cause", "reason", "since", "until", "grantedBy", "refusedBy", "digest",
      ]
      return .csv(try Export("approvals.csv", columns, of: holds(visit).map(\.json)))
    },
    .post(
      "/approvals", .approver,
      .list("decideApprovals", "Grant or refuse held changes", of: "HeldChange", deeds)
    ) { (visit) throws(Problem) in try decide(visit) },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(name: "flow-connection", help: "Only changes of this flow connection"),
    .init(
      name: "rule", help: "One of \(HoldCause.allCases.map(\.rawValue).joined(separator: ", "))"),
  ]

  private static let deeds: [APIOperation.Parameter] = [
    .init(
      name: "change", help: "The run and the digest of a change, RUN/DIGEST; may be repeated",
      isRequired: true),
    .init(name: "do", help: "grant or refuse", isRequired: true),
    .init(name: "word", help: "Why; refusing requires it"),
  ]

  private static func holds(_ visit: Visit) throws(Problem) -> [ShownHold] {
    let (name, rule) = (visit.query("flow-connection"), visit.query("rule"))
    if let rule, HoldCause(rawValue: rule) == nil {
      throw Problem(.usage, "there is no rule \"\(rule)\"")
    }
    return try ShownHold.all(in: visit.registry, at: visit.now).filter { shown in
      name ?? shown.hold.flowConnection == shown.hold.flowConnection
        && rule ?? shown.hold.cause.rawValue == shown.hold.cause.rawValue
    }
  }

  private static func list(_ visit: Visit) throws(Problem) -> Answer {
    let holds = try holds(visit)
    let flows = try visit.registry.flows.connections().map(\.name)
    let sums = ShownHold.sums(of: holds)
    let words = (["\(holds.count) held"] + sums).joined(separator: " · ")
    let isPicking = visit.may(.approver) && holds.contains { $0.hold.cause.isGrantable }
    let content = group {
      pageHead("Approvals", words: holds.isEmpty ? nil : words) {
        a(.class("button"), .href(visit.sibling("approvals.csv"))) { "Export CSV" }
      }
      form(.class("filters"), .action(Address("approvals"))) {
        visit.choiceField(
          "Flow connection", "flow-connection", [("", "All")] + flows.map { ($0, $0) })
        visit.choiceField(
          "Rule", "rule", [("", "All")] + HoldCause.allCases.map { ($0.rawValue, $0.rawValue) })
        button { "Filter" }
      }
      if holds.isEmpty {
        emptyList("No change is held.")
      } else if isPicking {
        visit.postForm(Address("approvals")) {
          table(holds, visit, isPicking: true)
          decision(sums: sums, " picked")
        }
      } else {
        table(holds, visit, isPicking: false)
      }
    }
    return .page(
      Answer.Page(
        title: "Approvals", section: .approvals, document: .array(holds.map(\.json)),
        content: content))
  }

  private static func table(_ holds: [ShownHold], _ visit: Visit, isPicking: Bool) -> Node {
    dataTable(
      "Held changes",
      head: [isPicking ? "Pick" : "", "What", "Customer", "Amount", "Since", "Granted by"],
      numeric: [3]
    ) {
      for shown in holds {
        tr {
          td {
            if isPicking {
              input(
                .type("checkbox"), .name("change"), .value(reference(shown)),
                .label("Pick \(shown.hold.run)"))
            }
          }
          td {
            a(.href(Address("approvals", shown.hold.run))) { bdi { shown.request } }
            span(.class("why")) { bdi { shown.hold.reason } }
          }
          td { shown.customer.map(customerLink) ?? .empty }
          td(.class("num")) { shown.hold.money?.text ?? "" }
          td {
            moment(shown.hold.since)
            span(.class("next")) { shown.hold.since.age(at: visit.now) }
          }
          td { bdi { shown.grantedBy.joined(separator: ", ") } }
        }
      }
    }
  }

  /// The field and buttons to grant or refuse.
  @NodeBuilder
  static func decision(sums: [String], _ which: String) -> Node {
    if !sums.isEmpty { p(.class("soft")) { "All together: \(sums.joined(separator: " and "))." } }
    div(.class("filters start")) {
      label {
        "Why; refusing requires it"
        input(.name("word"), .autocomplete("off"))
      }
      button(.class("first"), .name("do"), .value("grant")) { "Grant\(which)" }
      button(.class("danger"), .name("do"), .value("refuse")) { "Refuse\(which)" }
    }
  }

  /// What a form says of a change: its run, and the bytes that the operator has seen.
  static func reference(_ shown: ShownHold) -> String {
    "\(shown.hold.run)/\(shown.hold.digest)"
  }

  private static func decide(_ visit: Visit) throws(Problem) -> Answer {
    let deed = try visit.required("do")
    guard deed == "grant" || deed == "refuse" else {
      throw Problem(.usage, "do is grant or refuse")
    }
    let word = deed == "refuse" ? try visit.required("word") : visit.field("word")
    let picked = visit.form.filter { $0.name == "change" }.map(\.value)
    guard !picked.isEmpty else { throw Problem(.usage, "no change was picked") }
    let store = HoldStore(home: visit.home)
    var done: [ShownHold] = []
    var refused: [String] = []
    for reference in picked {
      let parts = reference.split(separator: "/", maxSplits: 1).map(String.init)
      let (run, digest) = (parts.first ?? "", parts.count > 1 ? parts[1] : nil)
      do throws(Problem) {
        let hold =
          deed == "grant"
          ? try store.grant(run, by: visit.person, note: word, digest: digest, now: visit.now)
          : try store.refuse(
            run, by: visit.person, reason: word ?? "", digest: digest, now: visit.now)
        done.append(try ShownHold(hold, in: visit.registry, at: visit.now))
      } catch {
        guard error.kind == .refused || error.kind == .noInput else { throw error }
        refused.append(error.description)
      }
    }
    if done.isEmpty, let first = refused.first { throw Problem(.refused, first) }
    let sums = ShownHold.sums(of: done)
    let sum = sums.isEmpty ? "" : " of \(sums.joined(separator: " and "))"
    let rest = refused.first.map { "; \(refused.count) not: \($0)" } ?? ""
    return .done(
      .array(done.map(\.json)), next: Address("approvals"),
      note: "\(done.count)\(sum) \(deed == "grant" ? "granted" : "refused")\(rest).")
  }
}
