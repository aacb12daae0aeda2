/// Any text as one line: a newline is `\n`, a NUL `\0`, a backslash two of them.
func escape(_ text: String) -> String {
  var line = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": line += "\\n"
    case "\0": line += "\\0"
    case "\\": line += "\\\\"
    default: line.unicodeScalars.append(scalar)
    }
  }
  return line
}

/// The text that a line stands for.
func unescape(_ line: String) -> String {
  var text = ""
  var isEscaped = false
  for scalar in line.unicodeScalars {
    switch (isEscaped, scalar) {
    case (false, "\\"):
      isEscaped = true
      continue
    case (true, "n"): text += "\n"
    case (true, "0"): text += "\0"
    default: text.unicodeScalars.append(scalar)
    }
    isEscaped = false
  }
  return text
}
