// A post that the server has not stored yet, or has refused.

import { memo } from 'react'
import Clock from '~icons/clock'
import RotateCw from '~icons/rotate-cw'
import Trash from '~icons/trash'
import { useApp, useWords } from '../app.tsx'
import type { Pending } from '../model/outbox.ts'
import { Avatar } from '../ui/avatar.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { loadPendingFiles } from '../ui/parts.ts'
import { refusalText } from '../words.ts'
import { MessageText } from './message-text.tsx'

const PendingFiles = lazyWithRetry(loadPendingFiles)

export const PendingRow = memo(function PendingRow({ post, leads }: { post: Pending; leads: boolean }) {
  const { chat } = useApp()
  const words = useWords()
  const { username = '', id = 0 } = chat.person ?? {}
  return (
    <div className={`message pending${leads ? ' leads' : ''}${post.refused ? ' refused' : ''}`}>
      {leads ? <Avatar id={id} username={username} /> : <span className="gutter" />}
      <div className="body">
        {leads && (
          <header>
            <bdi className="author">{username}</bdi>
            {!post.refused && <Clock size={13} aria-label={words.list.sending} />}
          </header>
        )}
        {post.text !== '' && (
          <MessageText text={post.text} format="markdown" action={post.action} author={{ id, username }} />
        )}
        {post.files && (
          <ErrorBoundary>
            <PendingFiles post={post} />
          </ErrorBoundary>
        )}
        {post.refused !== undefined && (
          <p className="error" role="alert">
            {post.refused === 'files' ? words.files.postRefused : refusalText(words, post.refused)}{' '}
            <button type="button" className="link" onClick={() => chat.outbox.retry(post.key)}>
              <RotateCw size={14} /> {words.again}
            </button>{' '}
            <button type="button" className="link" onClick={() => chat.outbox.discard(post.key)}>
              <Trash size={14} /> {words.list.drop}
            </button>
          </p>
        )}
      </div>
    </div>
  )
})
