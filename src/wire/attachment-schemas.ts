// The schemas of what belongs to a message: its files, and what its links lead to.

import { closed, type Static, Type } from './json-schema.ts'
import { MOST_ATTACHMENTS } from './limits.ts'

export const Attachment = closed(
  {
    id: Type.String({ description: 'Its place in addresses: /f/ID.' }),
    name: Type.String(),
    type: Type.String({ description: 'The media type, found by the content.' }),
    size: Type.Integer({ description: 'In bytes.' }),
    sha256: Type.String({ description: 'Of the bytes, in hexadecimal digits.' }),
    alt: Type.Optional(Type.String({ description: 'The alternative text.' })),
    width: Type.Optional(Type.Integer({ description: "Of a picture or a video's poster, in pixels." })),
    height: Type.Optional(Type.Integer()),
    placeholder: Type.Optional(
      Type.String({ description: 'What a picture looks like from afar: a ThumbHash in base64.' }),
    ),
    animated: Type.Optional(
      Type.Literal(true, { description: 'A picture that moves; its smaller sizes stand still.' }),
    ),
    duration: Type.Optional(Type.Integer({ description: 'Of a recording, in milliseconds.' })),
    waveform: Type.Optional(
      Type.String({ description: 'The loudness of a recording over time: up to 128 bytes in base64.' }),
    ),
  },
  'Attachment',
)
/** A finished upload that becomes an attachment of a message. */
export const AttachedUpload = closed(
  {
    upload: Type.String({ maxLength: 64, description: 'The id of a finished upload.' }),
    name: Type.Optional(
      Type.String({ description: 'Another name than the one that it was uploaded under.' }),
    ),
    alt: Type.Optional(Type.String({ description: 'An alternative text of up to 1,500 code points.' })),
    poster: Type.Optional(
      Type.String({ maxLength: 64, description: 'For a video: a finished upload of a picture of it.' }),
    ),
    duration: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, description: 'Of a recording, in milliseconds.' }),
    ),
    waveform: Type.Optional(
      Type.String({ maxLength: 172, description: 'The loudness of a recording: up to 128 bytes in base64.' }),
    ),
  },
  'AttachedUpload',
)
export type AttachedUpload = Static<typeof AttachedUpload>
export const AttachedUploads = Type.Array(AttachedUpload, { minItems: 1, maxItems: MOST_ATTACHMENTS })

export const LinkPreview = closed(
  {
    url: Type.String({ description: 'The link, as the URL standard writes it.' }),
    title: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    site: Type.Optional(Type.String({ description: 'What the site calls itself.' })),
    picture: Type.Optional(
      closed(
        {
          id: Type.String({ description: 'It is at /f/{id}.' }),
          width: Type.Integer(),
          height: Type.Integer(),
          placeholder: Type.String({ description: 'A ThumbHash in base64.' }),
        },
        'LinkPicture',
      ),
    ),
  },
  'LinkPreview',
)
export type LinkPreview = Static<typeof LinkPreview>
export type Attachment = Static<typeof Attachment>
