import Setup
import Values

extension Command {
  static let settingCommands = [
    Command(name: "setting list", summary: "Show the settings of the home", printsLines: true) {
      (context) throws(Problem) in
      let home = try context.home(.orEmpty)
      let documents = try HomeSetting.all.map { (setting) throws(Problem) -> JSON in
        [
          "name": .string(setting.name), "value": .string(try setting.value(in: home)),
          "values": .array(setting.values.map(JSON.string)), "help": .string(setting.help),
        ]
      }
      context.list(documents, head: ["NAME", "VALUE", "DESCRIPTION"], empty: "no settings") {
        $0.cells("name", "value", "help")
      }
    },
    Command(
      name: "setting set", summary: "Change a setting of the home", operands: ["NAME", "VALUE"],
      details: """
        personalData: "cut" (the default) or "shown". If cut, `run list`, `run show`, `dispatch` and the log
        of `serve` redact e-mail addresses and the values of members such as email, phone and address, and names
        of people and companies. Ids, and the names of plans, features and settings, are not redacted.
        The store keeps everything, and `event show`, `plan` and `run replay` show what they work on.

        silence: "off" (the default) or an age such as "12h". An account that starts enabled flows and sends no
        webhook for longer is on the attention list.

        catchUp: "off" (the default), an age such as "10m", or a cron expression with a time zone. reconcile and
        catalogueCheck: "off" (the default) or a cron expression, such as "0 6 * * * Europe/Paris". A running
        `serve` applies changes of these within seconds; `meterbridge schedule list` shows the schedules.

        Of other changes, a running `serve` is told by SIGHUP.
        """
    ) { (context) throws(Problem) in
      let (name, value) = (context.arguments.operands[0], context.arguments.operands[1])
      let setting = try HomeSetting.named(name)
      try setting.check(value)
      try setting.set(value, in: context.home(.create))
      context.report(done: "\(name) is \(value)")
    },
  ]
}
