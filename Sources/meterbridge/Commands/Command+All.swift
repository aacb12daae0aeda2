extension Command {
  /// All commands, in the order of the help.
  static let table: CommandTable = CommandTable(
    all: [demo, serve, sandbox, dispatch, plan, invoke, build, package] + appCommands
      + connectionCommands + stepCommands + flowCommands + flowFileCommands
      + eventCommands + attentionCommands + runCommands + runControlCommands + runAnswerCommands
      + linkCommands + webhookCommands + storeCommands
      + settingCommands + [audit, metrics, doctor, sbom] + manualCommands)
}
