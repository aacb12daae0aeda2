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
        try Export("attention.csv", head) { (place) throws(Problem) in
          let portion = try portion(
            visit, after: place ?? "", limit: Export.rowsOfPortion,
            seconds: Export.secondsOfPortion)
          return (portion.items.map(csvRow), portion.next)
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
    .init(name: "assigned-to", help: "Only what this person looks after"),
    .init(name: "before", help: "Only what comes after this item"),
  ]

  private static let deeds: [APIOperation.Parameter] = [
    .init(name: "id", help: "The ids of the items; may be repeated"),
    .init(name: "all", help: "In place of ids: a cause, of which up to 1,000 are taken"),
    .init(name: "do", help: "retry, cancel, acknowledge or assign", isRequired: true),
    .init(name: "to", help: "The operator to assign to; without one, nobody"),
  ]

  private static let head = [
    "id", "since", "reason", "customer", "amount", "flowConnection", "nextTry", "assignedTo",
  ]

  private static func csvRow(_ item: AttentionItem) -> [String] {
    let json = item.json
    return head.map { json[$0].string ?? "" }
  }

  /// The items that the query asks for, after a place.
  ///
  /// Without a filter, the page has the oldest of each cause; with one, the list has portions.
  private static func portion(
    _ visit: Visit, after place: String?, limit: Int, seconds: Double
  ) throws(Problem) -> AttentionPortion {
    let cause = try visit.query("cause").map { (text) throws(Problem) in
      guard let cause = AttentionCause(rawValue: text) else {
        throw Problem(.usage, "there is no cause \"\(text)\"")
      }
      return cause
    }
    let (name, reason) = (visit.query("flow-connection"), visit.query("reason")?.lowercased())
    let (since, person) = (try visit.time("since"), visit.query("assigned-to"))
    let attention = Attention(visit.registry)
    let isAny = name == nil && reason == nil && since == nil && person == nil
    if isAny, cause == nil, limit < .max, place == nil {
      return try attention.oldest(
        most: AttentionTable.most, seconds: 2 * seconds, at: visit.now)
    }
    return try attention.portion(
      of: cause, after: place, limit: limit, seconds: 2 * seconds, at: visit.now
    ) { item in
      (name == nil || item.flowConnection == name) && since ?? item.since <= item.since
        && (person == nil || item.assignedTo == person)
        && reason.map { item.reason.lowercased().contains($0) } ?? true
    }
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let portion =
      visit.wantsDocument
      ? try portion(visit, after: "", limit: .max, seconds: .infinity)
      : try portion(
        visit, after: visit.query("before"), limit: AttentionTable.most, seconds: visit.searchTime)
    let items = portion.items
    let isFiltered = visit.filters.contains { $0.name != "cause" && $0.value.nonBlank != nil }
    let all = isFiltered ? items.count : portion.counts.values.reduce(0, +)
    let flows = try visit.registry.flows.connections().map(\.name)
    let people = try OperatorStore(home: visit.home).all().map(\.name)
    let oldest = items.map(\.since).min().map { "oldest \($0.age(at: visit.now))" }
    let more = isFiltered && portion.next != nil ? "+" : ""
    let count = all == 1 ? "1\(more) needs a person" : "\(all)\(more) need a person"
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
        visit.choiceField("Assigned to", "assigned-to", [("", "All")] + people.map { ($0, $0) })
        button { "Filter" }
      }
      div(.id("attention"), .live) {
        if items.isEmpty {
          emptyList(portion.isPartial ? "None found so far." : "Nothing needs you now.")
        } else {
          for cause in AttentionCause.allCases {
            AttentionTable(cause, portion, people, visit).node
          }
        }
      }
      pager(visit, next: portion.next, isPartial: portion.isPartial, isByTime: false)
    }
    return .page(
      Answer.Page(
        title: "Attention", section: .attention, document: .array(items.map(\.json)),
        content: content))
  }

  private static func act(_ visit: Visit) throws(Problem) -> Answer {
    let deed = try visit.required("do")
    let attention = Attention(visit.registry)
    let chosen = try chosen(visit, attention)
    guard !chosen.isEmpty else {
      throw Problem(.usage, "nothing was picked that still needs attention")
    }
    let person = try visit.field("to").map { (name) throws(Problem) in
      try OperatorStore(home: visit.home).get(name).name
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
        case "assign":
          try attention.assign(item, to: person, by: visit.person, now: visit.now)
        default: throw Problem(.usage, "do is retry, cancel, acknowledge or assign")
        }
        done.append(item)
      } catch {
        guard error.kind == .refused else { throw error }
        refused.append(error.description)
      }
    }
    if done.isEmpty, let first = refused.first { throw Problem(.refused, first) }
    let words = [
      "retry": "continue", "cancel": "end", "acknowledge": "are acknowledged",
      "assign": person.map { "are assigned to \($0)" } ?? "are assigned to nobody",
    ]
    let rest = refused.first.map { "; \(refused.count) not: \($0)" } ?? ""
    return .done(
      .array(done.map(\.json)), next: Address("attention"),
      note: "\(done.count) \(words[deed] ?? "")\(rest).")
  }

  /// The items that a form names, one by one or all of a cause.
  private static func chosen(
    _ visit: Visit, _ attention: Attention
  ) throws(Problem) -> [AttentionItem] {
    guard let name = visit.field("all") else {
      let ids = Set(visit.form.filter { $0.name == "id" }.map(\.value))
      return try attention.items(ids, at: visit.now)
    }
    guard let cause = AttentionCause(rawValue: name) else {
      throw Problem(.usage, "there is no cause \"\(name)\"")
    }
    return try attention.portion(of: cause, limit: 1000, seconds: .infinity, at: visit.now).items
  }
}
