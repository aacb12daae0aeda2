import Dispatcher
import Setup
import StepKit
import Values

extension Command {
  /// `setting list`, `set`.
  static let settingCommands = [
    Command(name: "setting list", summary: "List the settings of the home") {
      (context) throws(Problem) in
      let home = try context.homeToLookAt()
      let documents = try HomeSetting.all.map { (setting) throws(Problem) -> JSON in
        [
          "name": .string(setting.name), "value": .string(try setting.value(in: home)),
          "values": .array(setting.values.map(JSON.string)), "help": .string(setting.help),
        ]
      }
      context.list(documents, head: ["NAME", "VALUE", "WHAT IT DECIDES"], empty: "no setting") {
        setting in ["name", "value", "help"].map { setting[$0].string ?? "" }
      }
    },
    Command(
      name: "setting set", summary: "Change a setting of the home", operands: ["NAME", "VALUE"],
      details: """
        personalData: "cut", if nothing was said, or "shown". What is cut in `run list`, `run show`,
        `dispatch` and the log of `serve` are the values of members such as name, email, phone and
        address, wherever they stand, and e-mail addresses; ids stay. The store keeps all of it, and
        `event show`, `plan` and `run replay` show what they work on. `serve` reads it when it starts.
        """
    ) { (context) throws(Problem) in
      let (name, value) = (context.arguments.operands[0], context.arguments.operands[1])
      let setting = try HomeSetting.named(name)
      try setting.check(value)
      try setting.set(value, in: context.home())
      context.confirm(done: "\(name) is \(value)")
    },
  ]
}
