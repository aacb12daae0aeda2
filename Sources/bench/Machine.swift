import Foundation

/// The machine and the disk, as far as they explain the figures.
struct Machine: Codable {
  let processor: String
  let cores: Int
  let kernel: String
  let filesystem: String

  init(place: String) {
    processor = Self.value(of: "model name", in: "/proc/cpuinfo") ?? "unknown processor"
    cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var name = utsname()
    _ = uname(&name)
    let release = withUnsafeBytes(of: &name.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    kernel = "Linux \(release)"
    filesystem = Self.filesystem(of: place)
  }

  var text: String { "\(processor), \(cores) cores, \(kernel), \(filesystem)" }

  private static func value(of name: String, in path: String) -> String? {
    let line = text(path).split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(separator: ":", maxSplits: 1).last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The type of the mount with the longest path that a path begins with.
  private static func filesystem(of path: String) -> String {
    let mounts = text("/proc/self/mounts").split(separator: "\n").map { $0.split(separator: " ") }
    let above = mounts.filter { mount in
      mount.count > 2 && (mount[1] == "/" || (path + "/").hasPrefix(mount[1] + "/"))
    }
    return above.max { $0[1].count <= $1[1].count }.map { String($0[2]) } ?? "unknown filesystem"
  }

  /// What a file of the kernel says; nothing where it is not there.
  static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
