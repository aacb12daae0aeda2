/// The Prometheus text exposition format, as far as Meterbridge writes it.
package enum PrometheusText {
  /// A line that Prometheus does not accept, or a series that occurs twice.
  package struct Malformed: Error {
    let line: String
  }

  /// The value of each series, such as `name{label="x"}`.
  package static func series(_ text: String) throws(Malformed) -> [String: Double] {
    var series: [String: Double] = [:]
    guard text.hasSuffix("\n") else { throw Malformed(line: String(text.suffix(80))) }
    for line in text.split(separator: "\n") {
      if line.wholeMatch(of: /# HELP meterbridge_\w+ .+/) != nil { continue }
      if line.wholeMatch(of: /# TYPE meterbridge_\w+ (counter|gauge|histogram)/) != nil { continue }
      guard
        let match = line.wholeMatch(
          of: /(\w+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) ([0-9.e+\-]+)/),
        let value = Double(match.2),
        series.updateValue(value, forKey: String(match.1)) == nil
      else { throw Malformed(line: String(line)) }
    }
    return series
  }
}
