import {
  Button,
  ColorField,
  ColorSwatch,
  ColorSwatchPicker,
  ColorSwatchPickerItem,
  Dialog,
  DialogTrigger,
  Input,
  Label,
  Popover,
} from 'react-aria-components'
import type { ObjectRecord } from '../../../main/core/records.ts'
import { paletteColor } from '../../editor/palette.ts'
import { useEditor } from '../window-context.tsx'

const palette = Array.from({ length: 14 }, (_, index) => paletteColor(index))

/** The colour on screen: from the palette that colour-blind people can tell apart, or any other. */
export function ColorChoice({ object }: { readonly object: ObjectRecord }) {
  const editor = useEditor()
  const set = (color: string) => {
    if (color.toLowerCase() !== object.color.toLowerCase())
      void editor.run('object.update', {
        objectId: object.id,
        fields: { color },
        label: `Colour of ${object.name}`,
      })
  }
  return (
    <DialogTrigger>
      <Button className="color-button" aria-label={`Colour of ${object.name}`}>
        <span className="swatch large" style={{ background: object.color }} />
      </Button>
      <Popover className="popover padded" placement="bottom start" offset={4}>
        <Dialog className="stack" aria-label="Colour">
          <ColorSwatchPicker
            className="swatches"
            aria-label="Palette"
            value={object.color}
            onChange={(color) => set(color.toString('hex'))}
          >
            {palette.map((color) => (
              <ColorSwatchPickerItem key={color} color={color} className="swatch-item">
                <ColorSwatch className="swatch large" />
              </ColorSwatchPickerItem>
            ))}
          </ColorSwatchPicker>
          <ColorField
            className="field"
            value={object.color}
            onChange={(color) => color && set(color.toString('hex'))}
          >
            <Label>Any colour</Label>
            <Input />
          </ColorField>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
