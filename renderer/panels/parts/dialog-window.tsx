import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './icon-button.tsx'

export interface DialogWindowProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly foot?: ReactNode
  readonly size?: 'narrow' | 'medium' | 'wide' | undefined
  /** A choice that must be made: neither Escape nor a click beside it closes the dialog. */
  readonly mustChoose?: boolean | undefined
}

export function DialogWindow({ title, onClose, children, foot, size, mustChoose }: DialogWindowProps) {
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      onOpenChange={(open) => open || onClose()}
      isDismissable={!mustChoose}
      isKeyboardDismissDisabled={mustChoose ?? false}
    >
      <Modal className={`modal ${size ?? 'medium'}`}>
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {mustChoose ? null : <IconButton small label="Close" icon={X} onPress={onClose} side="bottom" />}
          </header>
          <div className="dialog-body">{children}</div>
          {foot ? <footer className="dialog-foot">{foot}</footer> : null}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
