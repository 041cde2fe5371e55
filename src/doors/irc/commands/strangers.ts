// Who has come without an account, where there are no guests: they get to know the server and NickServ, and nobody.

import type { CommandContext } from './commands.ts'

/** They are told how to become somebody. @param about whom or what they have asked about */
export function refuseStranger({ client, message, to }: CommandContext, about: string): void {
  const [how = ''] = client.wording.irc.identify
  if (client.knowsFail(message.command)) to.fail(message.command, 'ACCOUNT_REQUIRED', how)
  else to.numericWithText('ERR_NEEDREGGEDNICK', [about], how)
}
