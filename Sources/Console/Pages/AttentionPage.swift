import HTTPServer
import Operations
import Records
import Setup
import Values

/// What a person must look at, by cause: reason, customer, amount, age, next try, and what to do.
enum AttentionPage {
  static let routes: [Route] = [
    .get(
      "/attention", .viewer,
      .list("listAttention", "What a person must look at", of: "AttentionItem", filters)
    ) { (visit) throws(Problem) in try page(visit) },
    .get("/attention.csv") { (visit) throws(Problem) in
      .csv(
        try Export("attention.csv", head) { (_) throws(Problem) in
          (try portion(visit).items.map(csvRow), nil)
        })
    },
    .post(
      "/attention", .operator,
      .list("doAttention", "Retry, cancel or acknowledge items", of: "AttentionItem", deeds)
    ) { (visit) throws(Problem) in try act(visit) },
  ]

  private static let filters: [APIOperation.Parameter] = [
    .init(
      name: "cause",
      help: "One of \(AttentionCause.allCases.map(\.rawValue).joined(separator: ", "))"),
    .init(name: "flow-connection", help: "Only runs of this flow connection"),
    .init(name: "reason", help: "Only what has this text in its reason"),
    .init(name: "since", help: "Only what began since then"),
  ]

  private static let deeds: [APIOperation.Parameter] = [
    .init(name: "id", help: "The ids of the items; may be repeated", isRequired: true),
    .init(name: "do", help: "retry, cancel or acknowledge", isRequired: true),
  ]

  private static let head = [
    "id", "since", "reason", "customer", "amount", "flowConnection", "nextTry",
  ]

  private static func csvRow(_ item: AttentionItem) -> [String] {
    let json = item.json
    return head.map { json[$0].string ?? "" }
  }

  /// The items that the query asks for; a page reads as many as it shows.
  private static func portion(_ visit: Visit) throws(Problem) -> AttentionPortion {
    let cause = try visit.query("cause").map { (text) throws(Problem) in
      guard let cause = AttentionCause(rawValue: text) else {
        throw Problem(.usage, "there is no cause \"\(text)\"")
      }
      return cause
    }
    let (name, reason) = (visit.query("flow-connection"), visit.query("reason")?.lowercased())
    let since = try visit.time("since")
    let isWhole = visit.wantsDocument || visit.request.path == ["attention.csv"]
    let isAny = name == nil && reason == nil && since == nil
    let portion = try Attention(visit.registry).oldest(
      of: cause, most: isAny && !isWhole ? AttentionTable.most : .max,
      seconds: isWhole ? .infinity : 2 * Visit.searchTime, at: visit.now)
    guard !isAny else { return portion }
    return portion.filtered { item in
      (name == nil || item.flowConnection == name) && since ?? item.since <= item.since
        && reason.map { item.reason.lowercased().contains($0) } ?? true
    }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let portion = try portion(visit)
    let (items, all) = (portion.items, portion.counts.values.reduce(0, +))
    let flows = try visit.registry.flows.connections().map(\.name)
    let oldest = items.map(\.since).min().map { "oldest \($0.age(at: visit.now))" }
    let count = all == 1 ? "1 needs a person" : "\(all) need a person"
    let words = [count, oldest].compactMap { $0 }.joined(separator: " · ")
    let content = group {
      pageHead("Attention", words: items.isEmpty ? nil : words) {
        a(.class("button"), .href(visit.sibling("attention.csv"))) { "Export CSV" }
      }
      form(.class("filters"), .action(Address("attention"))) {
        visit.choiceField(
          "Cause", "cause",
          [("", "All")] + AttentionCause.allCases.map { ($0.rawValue, $0.title) })
        visit.choiceField(
          "Flow connection", "flow-connection", [("", "All")] + flows.map { ($0, $0) })
        visit.textField("Reason contains", "reason")
        visit.textField("Since", "since", placeholder: "2d")
        button { "Filter" }
      }
      div(.id("attention"), .live) {
        if items.isEmpty {
          emptyList(portion.isPartial ? "None found so far." : "Nothing needs you now.")
        } else {
          for cause in AttentionCause.allCases { AttentionTable(cause, portion, visit).node }
        }
        if portion.isPartial {
          p(.class("soft")) { "There may be more: not all were searched. Filter by cause." }
        }
      }
    }
    return .page(
      Answer.Page(
        title: "Attention", section: .attention, document: .array(items.map(\.json)),
        content: content))
  }

  private static func act(_ visit: Visit) throws(Problem) -> Answer {
    let deed = try visit.required("do")
    let ids = Set(visit.form.filter { $0.name == "id" }.map(\.value))
    let attention = Attention(visit.registry)
    let chosen = try attention.items(at: visit.now).filter { ids.contains($0.id) }
    guard !chosen.isEmpty else {
      throw Problem(.usage, "nothing was picked that still needs attention")
    }
    let control = RunControl(
      home: visit.home, person: visit.person, clock: visit.console.options.clock)
    var done: [AttentionItem] = []
    var refused: [String] = []
    for item in chosen {
      do throws(Problem) {
        switch deed {
        case "retry": _ = try control.retry(item.run ?? item.subject)
        case "cancel": _ = try control.cancel(item.run ?? item.subject)
        case "acknowledge": try attention.acknowledge(item, by: visit.person, now: visit.now)
        default: throw Problem(.usage, "do is retry, cancel or acknowledge")
        }
        done.append(item)
      } catch {
        guard error.kind == .refused else { throw error }
        refused.append(error.description)
      }
    }
    if done.isEmpty, let first = refused.first { throw Problem(.refused, first) }
    let words = ["retry": "continue", "cancel": "end", "acknowledge": "are acknowledged"]
    let rest = refused.first.map { "; \(refused.count) not: \($0)" } ?? ""
    return .done(
      .array(done.map(\.json)), next: Address("attention"),
      note: "\(done.count) \(words[deed] ?? "")\(rest).")
  }
}
