import FileGeneric from '~icons/file'
import FileArchive from '~icons/file-archive'
import FileCode from '~icons/file-code'
import FileImage from '~icons/file-image'
import FileVideo from '~icons/file-play'
import FileSpreadsheet from '~icons/file-spreadsheet'
import FilePdf from '~icons/file-text'
import FileAudio from '~icons/file-volume'
import { extensionOf, type FileKind } from './file-kind.ts'

const ICONS = {
  picture: FileImage,
  video: FileVideo,
  audio: FileAudio,
  text: FileCode,
  pdf: FilePdf,
  other: FileGeneric,
}
const ARCHIVES: ReadonlySet<string> = new Set(['zip', 'gz', 'tgz', 'xz', 'zst', '7z', 'rar', 'tar', 'bz2'])
const SHEETS: ReadonlySet<string> = new Set(['xlsx', 'xls', 'ods', 'csv', 'tsv'])

export function FileIcon({ kind, name, size = 26 }: { kind: FileKind; name: string; size?: number }) {
  const extension = extensionOf(name)
  if (SHEETS.has(extension)) return <FileSpreadsheet size={size} />
  const Icon = kind === 'other' && ARCHIVES.has(extension) ? FileArchive : ICONS[kind]
  return <Icon size={size} />
}
