import Values

/// The date of a mail (RFC 5322, 3.3).
enum InternetDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// A time in UTC: `Mon, 02 Feb 2026 00:00:06 +0000`.
  static func text(of time: Timestamp) -> String {
    // 1970-01-01 was a Thursday
    let day = days[
      Int((time.seconds - (time.seconds % 86_400 + 86_400) % 86_400) / 86_400 % 7 + 7) % 7]
    let iso = time.text
    let date = iso.prefix(10).split(separator: "-").map(String.init)
    guard date.count == 3, let month = Int(date[1]), months.indices.contains(month - 1) else {
      return iso
    }
    return "\(day), \(date[2]) \(months[month - 1]) \(date[0]) \(iso.dropFirst(11).prefix(8)) +0000"
  }
}
