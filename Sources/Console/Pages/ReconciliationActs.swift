import Operations
import Setup
import Values

/// What people say of a reconciliation: of its differences, and of the whole.
enum ReconciliationActs {
  static let routes: [Route] = [
    .post(
      "/reconciliation/:id/differences", .operator,
      .list("explainDifferences", "Explain, snooze or reopen differences", of: "Difference", deeds)
    ) { (visit) throws(Problem) in try say(visit) },
    .post(
      "/reconciliation/:id/sign-off", .approver,
      .one("signOffReconciliation", "Answer for a result", "Reconciliation", voice)
    ) { (visit) throws(Problem) in
      let kept = try ReconciliationStore(home: visit.home).signOff(
        visit.path[0], digest: visit.required("digest"), by: visit.person,
        note: visit.field("note"), at: visit.now)
      return .done(
        kept.json, next: Address("reconciliation", kept.id), note: "The result is signed off.")
    },
    .post(
      "/reconciliation/:id/remove", .administrator,
      .one("removeReconciliation", "Remove a reconciliation", "Reconciliation")
    ) { (visit) throws(Problem) in
      guard !visit.console.reconciliations.isUnderWay(visit.path[0]) else {
        throw Problem(.refused, "the reconciliation is under way")
      }
      let kept = try ReconciliationStore(home: visit.home).remove(visit.path[0])
      return .done(
        kept.json, next: Address("reconciliation"), note: "The reconciliation is removed.")
    },
  ]

  private static let deeds: [APIOperation.Parameter] = [
    .init(name: "id", help: "The id of a difference; may be repeated", isRequired: true),
    .init(name: "do", help: "explain, snooze or reopen", isRequired: true),
    .init(name: "reason", help: "Why it is as it should be, or can wait; not for reopen"),
    .init(name: "days", help: "For how many days it is snoozed"),
  ]
  private static let voice: [APIOperation.Parameter] = [
    .init(name: "digest", help: "The digest of the result that you have seen", isRequired: true),
    .init(name: "note", help: "What you say of it; required if differences are open"),
  ]

  /// The fields and buttons under the differences.
  static var explanation: Node {
    group {
      div(.class("filters start")) {
        label {
          "Why it is as it should be, or can wait"
          input(.name("reason"), .autocomplete("off"))
        }
        label {
          "Snooze for"
          choice(.name("days")) {
            for days in [1, 7, 30] {
              option(.value("\(days)")) { days == 1 ? "1 day" : "\(days) days" }
            }
          }
        }
      }
      div(.class("deeds")) {
        label(.class("check")) {
          input(.type("checkbox"), .checksAll)
          "Pick all"
        }
        button(.name("do"), .value("explain"), .class("first")) { "Explain picked" }
        button(.name("do"), .value("snooze")) { "Snooze picked" }
        button(.name("do"), .value("reopen")) { "Reopen picked" }
      }
    }
  }

  private static func say(_ visit: Visit) throws(Problem) -> Answer {
    let (id, deed) = (visit.path[0], try visit.required("do"))
    let picked = Set(visit.form.filter { $0.name == "id" }.map(\.value))
    guard !picked.isEmpty else { throw Problem(.usage, "no difference was picked") }
    let store = ReconciliationStore(home: visit.home)
    let changed: [KeptDifference]
    switch deed {
    case "explain":
      changed = try store.explain(
        picked, of: id, visit.required("reason"), by: visit.person, at: visit.now)
    case "snooze":
      guard let days = Int(try visit.required("days")), (1...366).contains(days) else {
        throw Problem(.usage, "days must be a number from 1 to 366")
      }
      changed = try store.explain(
        picked, of: id, visit.required("reason"),
        until: visit.now.adding(seconds: days * 86_400), by: visit.person, at: visit.now)
    case "reopen": changed = try store.reopen(picked, of: id, at: visit.now)
    default: throw Problem(.usage, "do is explain, snooze or reopen")
    }
    let words = ["explain": "explained", "snooze": "snoozed", "reopen": "reopened"][deed] ?? ""
    return .done(
      .array(changed.map(\.json)), next: Address("reconciliation", id),
      note: changed.count == 1
        ? "1 difference is \(words)." : "\(changed.count) differences are \(words).")
  }

  /// Who answers for the result, or the form to do so.
  @NodeBuilder
  static func signOff(_ kept: KeptReconciliation, _ visit: Visit) -> Node {
    h2 { "Sign-off" }
    if kept.signOff != nil {
      signed(kept)
    } else if visit.may(.approver), let digest = kept.digest {
      p(.class("soft")) {
        "Who signs off answers for this result. It is kept with your name, the time and the digest."
      }
      visit.postForm(Address("reconciliation", kept.id, "sign-off"), .class("fields")) {
        input(.type("hidden"), .name("digest"), .value(digest))
        label {
          "What you say of it; required if differences are open"
          input(.name("note"), .autocomplete("off"))
        }
        p { button(.class("first")) { "Sign off" } }
      }
    } else {
      p(.class("soft")) { "Nobody has signed it off." }
    }
  }

  /// Who signed off what, and when.
  @NodeBuilder
  static func signed(_ kept: KeptReconciliation) -> Node {
    if let one = kept.signOff {
      factList(
        [
          ("Signed off by", bdi { one.by }), ("At", moment(one.at)),
          ("Over the result", code(.class("id")) { one.digest }),
        ] + (one.note.map { note in [("Note", bdi { note })] } ?? []))
    }
  }

  /// The form that removes it; nothing once it is signed off.
  @NodeBuilder
  static func removal(_ kept: KeptReconciliation, _ visit: Visit) -> Node {
    if visit.may(.administrator), kept.signOff == nil {
      visit.removal(
        "Remove…", "The result and its differences are removed.", "Remove it",
        Address("reconciliation", kept.id, "remove"))
    }
  }
}
