/// The things that an app's events are about, such as `price plan`, for an app that does not say how
/// it calls its types of events.
///
/// Of a type that is such a thing and one word more (`PRICE_PLAN_CREATED`, `Price plan creation`,
/// `pricePlan.created`) it is sure what it is about. Any other may be about anything: to start a run
/// that stops at once is better than to miss an invoice.
struct EventSubjects {
  private let subjects: [[String]]

  init(_ names: [String]) { subjects = names.map(Self.words) }

  /// Whether events of a type are surely about something else than the texts of a trigger name.
  func excludes(_ type: String, from texts: [String]) -> Bool {
    let type = Self.words(type)
    guard let subject = subjects.first(where: { Self.isAbout($0, type) }) else { return false }
    return texts.allSatisfy { text in
      let named = subjects.filter { Self.holds(Self.words(text), $0) }
      return !named.isEmpty && !named.contains(subject)
        && !named.contains { Self.holds(type, $0) }
    }
  }

  private static func isAbout(_ subject: [String], _ type: [String]) -> Bool {
    type.starts(with: subject) && type.count <= subject.count + 1
  }

  /// Whether words hold the others, run together or not.
  private static func holds(_ words: [String], _ others: [String]) -> Bool {
    words.joined().contains(others.joined())
  }

  /// The words of a type, in lower case: they end where no letter follows, or one of upper case does
  /// after one of lower case.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var last: Character?
    for character in text {
      let isInside = last.map { $0.isLetter && !($0.isLowercase && character.isUppercase) } ?? false
      if character.isLetter {
        if !isInside { words.append("") }
        words[words.count - 1] += character.lowercased()
      }
      last = character
    }
    return words
  }
}
