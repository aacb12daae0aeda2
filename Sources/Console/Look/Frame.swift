import Operations
import Setup
import Store
import Values

/// The frame of each page: head, bar, menu and content.
struct Frame {
  let page: Answer.Page
  let visit: Visit
  /// What was just done.
  let note: String?

  /// The page as HTML.
  var html: [UInt8] {
    Node.document(
      Console.html(.lang("en")) {
        head {
          meta(.charset("utf-8"))
          meta(.name("viewport"), .content("width=device-width"))
          meta(.name("color-scheme"), .content("light dark"))
          title { "\(page.title) · Meterbridge" }
          linked(.rel("stylesheet"), .href(Asset.styleSheet.address))
          linked(.rel("icon"), .type("image/svg+xml"), .href(Asset.icon.address))
          script(.src(Asset.script.address), .defer)
        }
        body(.class(hasMenu ? "framed" : "plain")) {
          a(.class("skip"), .href(Address(fragment: "main"))) { "Skip to content" }
          bar
          if hasMenu { menu }
          main(.id("main"), .tabindex(-1)) {
            if let note {
              div(.class("note good"), .role("status")) { p { note } }
            }
            page.content
          }
        }
      })
  }

  private var hasMenu: Bool { visit.identity.person != nil }

  private var bar: Node {
    header(.class("bar")) {
      a(.class("mark"), .href(Address())) { "Meterbridge" }
      if let person = visit.identity.person {
        form(.class("search"), .role("search"), .action(Address("find"))) {
          input(
            .type("search"), .name("q"), .label("Find a run, event, customer or invoice by its id"),
            .placeholder("Find a run, event, customer or invoice id"), .noSpelling)
        }
        span(.class("who")) { "\(person.name) · \(person.role.rawValue)" }
        if case .session = visit.identity.way {
          visit.postForm(Address("sign-out")) { button(.class("flat")) { "Sign out" } }
        }
      }
    }
  }

  private var menu: Node {
    nav(.class("side"), .label("Main")) {
      for section in Section.allCases where section.role.map(visit.may) ?? true {
        if section.beginsGroup { hr() }
        if section == page.section {
          a(.href(section.address), .currentPage) { words(for: section) }
        } else {
          a(.href(section.address)) { words(for: section) }
        }
      }
    }
  }
}

extension Frame {
  /// The words of an entry of the menu, with the number of runs that need a person.
  @NodeBuilder
  private func words(for section: Section) -> Node {
    section.rawValue
    if section == .attention, let count = marked {
      span(.class("count"), .id("marked"), .live) {
        count
        span(.class("quiet")) { " runs need a person" }
      }
    }
  }

  /// The number of runs that failed, are not synced or in doubt; nil for none.
  private var marked: String? {
    let most = 1000
    let count = [StoreKey.attention, .parked].reduce(0) { count, kind in
      let records = try? visit.home.with { (store) throws(StoreError) in
        try store.records(prefix: kind.prefix, limit: most)
      }
      return count + (records?.count ?? 0)
    }
    return count == 0 ? nil : count < most ? "\(count)" : "\(most - 1)+"
  }
}

extension Visit {
  /// A form that does something, with the token that protects it.
  func postForm(
    _ address: Address, _ attributes: Attribute..., @NodeBuilder content: () -> Node
  ) -> Node {
    element(
      "form", [.post, .action(address)] + attributes,
      group {
        input(.type("hidden"), .name("csrf"), .value(formToken))
        content()
      })
  }
}
