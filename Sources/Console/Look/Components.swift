import HTTPServer
import Values

// The parts that pages are composed of.

/// The head of a page: title, what goes with it, and what can be done.
func pageHead(
  _ title: String, tag: Node = .empty, words: String? = nil,
  @NodeBuilder acts: () -> Node = { .empty }
) -> Node {
  let acts = acts()
  return div(.class("head")) {
    h1 { bdi { title } }
    tag
    if let words { span(.class("soft")) { words } }
    if !acts.bytes.isEmpty { div(.class("acts")) { acts } }
  }
}

/// A word in a coloured pill: `good`, `warn`, `bad` or none.
func tag(_ word: String, _ tone: String = "") -> Node {
  span(.class(tone.isEmpty ? "tag" : "tag \(tone)")) { word }
}

/// A table that scrolls on its own on narrow screens; a row of `cards` becomes a card.
func dataTable(
  _ name: String, head: [String], numeric: Set<Int> = [], live: String? = nil,
  @NodeBuilder rows: () -> Node
) -> Node {
  let attributes: [Attribute] = live.map { [.id($0), .live] } ?? []
  return element(
    "div", [.class("table"), .role("region"), .label(name), .tabindex(0)] + attributes,
    table(.class("cards"), .label(name)) {
      thead {
        tr {
          for (index, word) in head.enumerated() {
            if word.isEmpty {
              th(.scope("col")) { span(.class("quiet")) { "Actions" } }
            } else {
              th(.scope("col"), .class(numeric.contains(index) ? "num" : "")) { word }
            }
          }
        }
      }
      tbody { rows() }
    })
}

/// What stands where a list has nothing, and what to do about it; the script puts the list in its place if a
/// search finds something.
func emptyList(
  _ words: String, instead list: String? = nil, @NodeBuilder more: () -> Node = { .empty }
) -> Node {
  element(
    "div", [.class("empty")] + (list.map { [.insteadOf($0)] } ?? []),
    group {
      p { words }
      more()
    })
}

/// Facts as names and values.
func factList(_ facts: [(name: String, value: Node)]) -> Node {
  dl(.class("facts")) {
    for fact in facts {
      dt { fact.name }
      dd { fact.value }
    }
  }
}

/// An id in type of one width, with a button that copies it.
func idText(_ id: String) -> Node {
  span(.class("idbox")) {
    code(.class("id")) { bdi { id } }
    button(.type("button"), .class("copy"), .copies(id), .label("Copy \(id)")) { "Copy" }
  }
}

/// A link to the page of a customer, of whom the account is above the id.
func customerLink(_ place: String) -> Node {
  let parts = place.split(separator: "/", maxSplits: 1).map(String.init)
  return a(.class("place"), .href(Address("customers", place))) {
    if parts.count == 2 { small { "\(parts[0])/" } }
    span(.class("id")) { bdi { parts.last ?? place } }
  }
}

/// A time, which the script shows in the zone of the browser.
func moment(_ time: Timestamp) -> Node {
  element("time", [.datetime(time.text), .title(time.text)], Node(time.words))
}

/// A JSON document, indented.
func jsonText(_ json: JSON, label: String) -> Node {
  pre(.tabindex(0), .role("region"), .label(label)) { json.indented }
}

/// The links under a list: to the first and to the next portion; `isByTime` is whether the latest come first.
func pager(_ visit: Visit, next: String?, isPartial: Bool, isByTime: Bool = true) -> Node {
  let isFirst = visit.query("before") == nil
  guard next != nil || !isFirst else { return .empty }
  return nav(.class("pager"), .label("Portions of the list")) {
    if !isFirst {
      a(.class("button"), .href(Address(visit.request.path, query: visit.filters))) {
        isByTime ? "Latest" : "First"
      }
    }
    if let next {
      let attributes: [Attribute] = isPartial ? [.searches] : []
      element(
        "a", [.class("button"), .rel("next"), .href(visit.portion(before: next))] + attributes,
        group {
          switch (isPartial, isByTime) {
          case (true, true): "Look further back"
          case (true, false): "Look further"
          case (false, true): "Earlier"
          case (false, false): "More"
          }
        })
    }
    if isPartial {
      span(.class("soft"), .role("status")) { "There may be more: not all was searched yet." }
    }
  }
}

extension Visit {
  /// A deed that cannot be undone, behind a summary: what it means, and the button that does it.
  func removal(_ summary: String, _ words: String, _ deed: String, _ address: Address) -> Node {
    details {
      Console.summary { summary }
      p { words }
      postForm(address) { button(.class("danger")) { deed } }
    }
  }

  /// The items of the query but where the portion begins.
  var filters: [Field] { request.query.filter { $0.name != "before" } }
}

extension Timestamp {
  /// The time for people who read UTC: `2026-11-30 17:04:11`.
  var words: String {
    let text = text
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }
}
