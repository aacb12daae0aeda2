extension Command {
  /// All commands, in the order of the help.
  static let table: CommandTable = CommandTable(
    all: [demo, serve, sandbox, dispatch, plan, invoke, build, package] + appCommands
      + connectionCommands + stepCommands + flowCommands + flowFileCommands
      + eventCommands + runCommands + linkCommands + webhookCommands + storeCommands
      + settingCommands + [metrics, doctor] + manualCommands)
}
