/// The subjects of an app's events, such as `price plan`, for an app that does not document its types of
/// events.
///
/// A type that is a subject and one more word (`PRICE_PLAN_CREATED`, `Price plan creation`,
/// `pricePlan.created`) is certainly about that subject. Any other may be about anything: a run that
/// stops at once is better than a missed invoice.
struct EventSubjects {
  private let subjects: [[String]]

  init(_ names: [String]) { subjects = names.map(Self.words) }

  /// Whether events of a type are certainly not about the subjects that a trigger names.
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

  /// Whether words contain others, also when written as one word.
  private static func holds(_ words: [String], _ others: [String]) -> Bool {
    words.joined().contains(others.joined())
  }

  /// The words of a type in lower case: a word ends before a character that is no letter, and before an
  /// upper-case letter after a lower-case one.
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
