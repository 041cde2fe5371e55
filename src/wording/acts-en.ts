import type { ActsWording } from './acts-es.ts'

export const acts: ActsWording = {
  operator: 'The server operator',
  gone: username => `${username} (account deleted)`,
  erased: ({ by, whom }) => `${by} deleted a message by ${whom}`,
  kinds: {
    role: ({ by, whom, value }) => `${by} made ${whom} ${value} on the server.`,
    disabled: ({ by, whom }) => `${by} disabled the account of ${whom}.`,
    enabled: ({ by, whom }) => `${by} enabled the account of ${whom}.`,
    password: ({ by, whom }) => `${by} changed the password of ${whom}.`,
    'sessions-ended': ({ by, whom }) => `${by} ended sessions of ${whom}.`,
    'login-code': ({ by, whom }) => `${by} made a one-time code for ${whom} to log in.`,
    'code-made': ({ by, value }) =>
      `${by} made an invitation code for ${value} ${value === '1' ? 'person' : 'people'}.`,
    'code-withdrawn': ({ by }) => `${by} withdrew an invitation code.`,
    setting: ({ by, value, detail }) => `${by} changed a setting of the server: ${value} = ${detail}.`,
  },
}
