import StepKit
public import Values

/// Metrics in the text format of Prometheus, version 0.0.4.
public struct Exposition: Sendable {
  /// The media type of the text.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The type of a family of metrics.
  enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  /// One number.
  struct Sample: Sendable {
    let name: String
    let labels: [(name: String, value: String)]
    let value: String
  }

  private struct Family: Sendable {
    let name: String
    let kind: Kind
    let help: String
    var samples: [Sample]
  }

  private var families: [Family] = []

  /// Adds a family of samples, unless it is empty.
  mutating func add(
    _ kind: Kind, _ name: String, _ help: String,
    _ samples: [(labels: [(name: String, value: String)], value: Double)]
  ) {
    let samples = samples.map {
      Sample(name: name, labels: $0.labels, value: Self.text($0.value))
    }
    add(Family(name: name, kind: kind, help: help, samples: samples))
  }

  /// Adds a family of one sample.
  mutating func add(_ kind: Kind, _ name: String, _ help: String, _ value: Double) {
    add(kind, name, help, [([], value)])
  }

  /// Adds a family of histograms.
  mutating func add(
    _ name: String, _ help: String,
    _ histograms: [(labels: [(name: String, value: String)], value: Histogram)]
  ) {
    let samples = histograms.flatMap { labels, histogram -> [Sample] in
      let buckets = histogram.cumulative.map { bound, count in
        Sample(
          name: name + "_bucket", labels: labels + [("le", Self.text(bound))], value: "\(count)")
      }
      let all = "\(histogram.count)"
      return buckets + [
        Sample(name: name + "_bucket", labels: labels + [("le", "+Inf")], value: all),
        Sample(name: name + "_sum", labels: labels, value: Self.text(histogram.sum)),
        Sample(name: name + "_count", labels: labels, value: all),
      ]
    }
    add(Family(name: name, kind: .histogram, help: help, samples: samples))
  }

  private mutating func add(_ family: Family) {
    if !family.samples.isEmpty { families.append(family) }
  }
}

extension Exposition {
  /// The text.
  public var text: String {
    families.map { family in
      let head = "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind)\n"
      return head + family.samples.map { "\($0.series) \($0.value)\n" }.joined()
    }.joined()
  }

  /// A JSON object for each series.
  public var json: [JSON] {
    families.flatMap { family in
      family.samples.map { sample -> JSON in
        [
          "name": .string(sample.name), "kind": .string(family.kind.rawValue),
          "labels": .texts(Dictionary(sample.labels.map { ($0.name, $0.value) }) { $1 }),
          "value": (try? JSON(parsing: sample.value)) ?? .string(sample.value),
        ]
      }
    }
  }

  /// The text of a number, without a fraction if it is whole.
  private static func text(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}

extension Exposition.Sample {
  fileprivate var series: String {
    guard !labels.isEmpty else { return name }
    let pairs = labels.map { label in
      let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("\n", with: "\\n")
      return "\(label.name)=\"\(value)\""
    }
    return "\(name){\(pairs.joined(separator: ","))}"
  }
}
