import Camera from '~icons/camera'
import Chart from '~icons/chart-bar-big'
import FileGeneric from '~icons/file'
import Mic from '~icons/mic'
import { useWords } from '../app.tsx'
import { MenuItem, PopupMenu } from '../ui/menu.tsx'

interface MenuProps {
  readonly anchor: HTMLElement
  readonly onFiles: () => void
  readonly onCamera: () => void
  readonly onRecord: () => void
  readonly onPoll: (() => void) | undefined
  readonly onClose: () => void
}

export default function AttachMenu({ anchor, onFiles, onCamera, onRecord, onPoll, onClose }: MenuProps) {
  const words = useWords()
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      <MenuItem icon={FileGeneric} label={words.files.attachFiles} onClick={onFiles} />
      <MenuItem icon={Camera} label={words.files.takePicture} onClick={onCamera} />
      <MenuItem icon={Mic} label={words.files.record} onClick={onRecord} />
      {onPoll && <MenuItem icon={Chart} label={words.poll.title} onClick={onPoll} />}
    </PopupMenu>
  )
}
