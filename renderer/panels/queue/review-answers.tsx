import { ArrowDown, ArrowUp, ChevronDown } from 'lucide-react'
import { Button, Menu, MenuItem, MenuTrigger, Popover, Toolbar, TooltipTrigger } from 'react-aria-components'
import { swapPartners, swapSubject } from '../../editor/review-answers.ts'
import { focusCanvas } from '../frame/focus-canvas.ts'
import { ActionIcon } from '../parts/action-button.tsx'
import { Tip } from '../parts/tip.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useFollowed } from '../window-context.tsx'

/** To the places before and after, with their keys. */
export function ReviewSteps() {
  const next = useAction('review.next')
  return (
    <>
      <ActionIcon small id="review.previous" icon={ArrowUp} />
      <ActionIcon small id="review.next" icon={ArrowDown} />
      <kbd className="keycap">{next.keys}</kbd>
    </>
  )
}

/** What can be answered to the place in front of the user, each with its key. */
export function ReviewAnswers() {
  const sides = useAction('review.take-left').available === true
  return (
    <Toolbar className="answers" aria-label="Answers">
      <Answer id="review.accept" text="Accept" />
      <Answer id="review.fix" text="Fix" />
      <Answer id="review.hide" text="Hide" />
      <Answer id="review.reject" text="Reject" />
      <div className="answer-pair">
        <Answer id="review.swap" text="Swap" />
        <SwapWith />
      </div>
      {sides ? (
        <>
          <Answer id="review.take-left" text="Left" />
          <Answer id="review.take-right" text="Right" />
        </>
      ) : null}
    </Toolbar>
  )
}

function Answer({ id, text }: { readonly id: string; readonly text: string }) {
  const action = useAction(id)
  const refusal = action.available === true ? undefined : action.available
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      <Button
        className="button answer"
        aria-label={action.label}
        isDisabled={refusal !== undefined}
        data-keeps-focus
        onPress={() => action.run()}
      >
        <span className="cut">{text}</span>
        <kbd className="key">{action.keys}</kbd>
      </Button>
      <Tip label={action.label} keys={action.keys} hint={refusal} />
    </TooltipTrigger>
  )
}

/** The other objects on this frame, the likeliest to have been confused first. */
function SwapWith() {
  const editor = useEditor()
  const swap = useAction('review.swap')
  const partners = useFollowed((editor) => {
    const subject = swapSubject(editor)
    return subject ? swapPartners(editor, subject) : []
  })
  return (
    <MenuTrigger>
      <Button
        className="icon-button narrow"
        aria-label="Choose whom to swap with"
        isDisabled={swap.available !== true || partners.length < 2}
        data-keeps-focus
      >
        <ChevronDown aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end" offset={2}>
        <Menu
          className="menu"
          aria-label="Swap with"
          items={partners}
          onAction={(otherId) => {
            void editor.run('review.swap', { otherId })
            requestAnimationFrame(() => requestAnimationFrame(focusCanvas))
          }}
        >
          {(object) => (
            <MenuItem className="menu-item" id={object.id} textValue={object.name}>
              <span className="swatch" style={{ background: object.color }} />
              {object.name}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
