import FoundationEssentials
import HTTPServer
import Values

/// The webhooks that wait, and what became of the others.
///
/// Each is tried until somebody answers 2xx, and at most seven times more, after the pauses that
/// Chargebee publishes. Togai publishes none and is given the same.
struct Post: Sendable {
  /// A webhook on its way.
  struct Letter: Sendable {
    let number: Int
    let app: String
    let id: String
    let body: JSON
    var tries = 0
    var due: Timestamp
    var isOut = false
  }

  /// A try that was made, as people may see it.
  struct Trace: Sendable {
    let app: String
    let id: String
    let tries: Int
    let outcome: String
  }

  private static let pauses = [2, 6, 30, 60, 5 * 60, 24 * 60, 48 * 60].map { $0 * 60 }

  var settings: [String: WebhookSettings] = [:]
  private(set) var letters: [Letter] = []
  private(set) var traces: [Trace] = []
  private(set) var held: Set<String> = []
  private var numbers = 0

  func hasTarget(_ app: String) -> Bool { settings[app] != nil }

  mutating func send(_ body: JSON, id: String, from app: String, at now: Timestamp) {
    for _ in 0..<max(1, settings[app]?.copies ?? 0) where hasTarget(app) {
      numbers += 1
      letters.append(Letter(number: numbers, app: app, id: id, body: body, due: now))
    }
  }

  mutating func hold(_ app: String) { held.insert(app) }
  mutating func release(_ app: String) { held.remove(app) }

  /// Takes out what is due, in the order in which it is to be sent.
  mutating func takeDue(at now: Timestamp) -> [(letter: Letter, settings: WebhookSettings)] {
    var due: [(letter: Letter, settings: WebhookSettings)] = []
    for index in letters.indices where !letters[index].isOut && letters[index].due <= now {
      let letter = letters[index]
      guard !held.contains(letter.app), let settings = settings[letter.app] else { continue }
      letters[index].isOut = true
      due.append((letter, settings))
    }
    guard let seed = due.lazy.compactMap(\.settings.shuffle).first else { return due }
    var random = Identifiers(seed: seed)
    let ranks = due.map { _ in random.next() }
    return zip(due, ranks).sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Notes how a try ended, and gives the status that the event has now.
  mutating func note(_ number: Int, outcome: String, isGood: Bool, at now: Timestamp) -> String {
    guard let index = letters.firstIndex(where: { $0.number == number }) else { return "failed" }
    letters[index].tries += 1
    letters[index].isOut = false
    let letter = letters[index]
    traces.append(Trace(app: letter.app, id: letter.id, tries: letter.tries, outcome: outcome))
    guard !isGood, letter.tries <= Self.pauses.count else {
      letters.remove(at: index)
      return isGood ? "succeeded" : "failed"
    }
    letters[index].due = now.adding(seconds: Self.pauses[letter.tries - 1])
    return "re_scheduled"
  }

  /// When the next one is due; nil while none waits.
  var nextDue: Timestamp? {
    letters.filter { !$0.isOut && !held.contains($0.app) }.map(\.due).min()
  }

  /// Whether nothing is due or on its way: what is held or waits for a retry does not count.
  func isQuiet(at now: Timestamp) -> Bool {
    letters.allSatisfy { !$0.isOut && ($0.due > now || held.contains($0.app)) }
  }
}
