// What the moderation log says, for the line door and the web app.

/** What a sentence of the moderation log is made of. */
export interface ActParts {
  readonly by: string
  readonly whom: string
  readonly value: string
  readonly detail: string
}

export const acts = {
  operator: 'Quien administra el servidor',
  gone: (username: string) => `${username} (cuenta borrada)`,
  erased: ({ by, whom }: ActParts) => `${by} borró un mensaje de ${whom}`,
  kinds: {
    role: ({ by, whom, value }: ActParts) => `${by} dio a ${whom} el papel de ${value} en el servidor.`,
    disabled: ({ by, whom }: ActParts) => `${by} desactivó la cuenta de ${whom}.`,
    enabled: ({ by, whom }: ActParts) => `${by} activó la cuenta de ${whom}.`,
    password: ({ by, whom }: ActParts) => `${by} cambió la contraseña de ${whom}.`,
    'sessions-ended': ({ by, whom }: ActParts) => `${by} cerró sesiones de ${whom}.`,
    'login-code': ({ by, whom }: ActParts) => `${by} hizo un código de un solo uso para que entre ${whom}.`,
    'code-made': ({ by, value }: ActParts) =>
      `${by} hizo un código de invitación para ${value} ${value === '1' ? 'persona' : 'personas'}.`,
    'code-withdrawn': ({ by }: ActParts) => `${by} retiró un código de invitación.`,
    setting: ({ by, value, detail }: ActParts) =>
      `${by} cambió un ajuste del servidor: ${value} = ${detail}.`,
  },
}

export type ActsWording = typeof acts
