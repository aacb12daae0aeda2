extension Command {
  /// All commands, in the order of the help.
  static let table: CommandTable = CommandTable(
    all: [demo, serve, console, sandbox, dispatch, plan, invoke, build, package] + appCommands
      + connectionCommands + stepCommands + flowCommands + flowFileCommands + policyCommands
      + eventCommands + [catchUp, reconcile] + reconciliationCommands + attentionCommands
      + approvalCommands + runCommands
      + runControlCommands
      + runAnswerCommands
      + [voidInvoice] + linkCommands + webhookCommands + storeCommands + homeCommands
      + settingCommands + [scheduleList] + operatorCommands + [audit, metrics, doctor, sbom]
      + manualCommands)
}
