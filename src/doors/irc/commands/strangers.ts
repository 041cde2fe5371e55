// Strangers: registered clients without an account, on a server without guests. They may use the server's own commands
// and NickServ.

import type { CommandContext } from './commands.ts'

/** Refuses a command that needs an account, and explains how to log in. @param about the target of the command */
export function refuseStranger({ client, message, reply }: CommandContext, about: string): void {
  const [how = ''] = client.wording.irc.identify
  if (client.knowsFail(message.command)) reply.fail(message.command, 'ACCOUNT_REQUIRED', how)
  else reply.numericWithText('ERR_NEEDREGGEDNICK', [about], how)
}
