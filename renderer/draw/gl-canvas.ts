/** The WebGL 2 side of the canvas: textures that are uploaded only where they changed, and one draw call. */
import type { Bitmap } from '../../main/core/mask/rle.ts'
import type { Box } from '../../main/core/records.ts'
import { UserError } from '../../main/core/user-error.ts'
import { fragmentShader, vertexShader } from './canvas-shader.ts'
import type { ColumnRange, MaskMap } from './mask-map.ts'

export interface Scene {
  readonly viewport: { readonly width: number; readonly height: number; readonly pixelRatio: number }
  readonly zoom: number
  readonly panX: number
  readonly panY: number
  readonly size: { readonly width: number; readonly height: number }
  readonly hasPicture: boolean
  readonly rotation: 0 | 90 | 180 | 270
  readonly brightness: number
  readonly contrast: number
  readonly opacity: number
  readonly maskStyle: 'fill' | 'outline' | 'hidden'
  readonly patterns: boolean
  /** Red, green, blue, pattern of the focused mask; null: none. */
  readonly focus: {
    readonly color: readonly [number, number, number, number]
    readonly isDraft: boolean
  } | null
  readonly hasOnion: boolean
  readonly pixelGrid: boolean
}

const units = { picture: 0, owners: 1, onion: 2, focus: 3, colors: 4 } as const
type TextureName = keyof typeof units
const colorsWidth = 256

export class GlCanvas {
  /** Longest side of a picture that can be shown, in pixels. */
  readonly largestSide: number
  readonly #gl: WebGL2RenderingContext
  readonly #program: WebGLProgram
  readonly #textures: Readonly<Record<TextureName, WebGLTexture>>
  readonly #uniforms = new Map<string, WebGLUniformLocation | null>()
  readonly #sizes = new Map<TextureName, string>()

  /** Throws UserError 'no-webgl' where there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    // What was drawn stays, so that a stroke draws again only where it went.
    const gl = canvas.getContext('webgl2', {
      alpha: true,
      antialias: false,
      depth: false,
      preserveDrawingBuffer: true,
    })
    if (!gl)
      throw new UserError(
        'no-webgl',
        'The picture cannot be drawn: WebGL 2 is switched off on this machine. Allow hardware acceleration, or start with software rendering.',
      )
    this.#gl = gl
    this.largestSide = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number
    this.#program = linkedProgram(gl)
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of WebGL, not a React hook.
    gl.useProgram(this.#program)
    gl.bindVertexArray(gl.createVertexArray())
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1)
    this.#textures = {
      picture: gl.createTexture(),
      owners: gl.createTexture(),
      onion: gl.createTexture(),
      focus: gl.createTexture(),
      colors: gl.createTexture(),
    }
    for (const name of Object.keys(units) as TextureName[]) {
      this.#bind(name)
      for (const [key, value] of [
        [gl.TEXTURE_MIN_FILTER, name === 'picture' ? gl.LINEAR : gl.NEAREST],
        [gl.TEXTURE_MAG_FILTER, name === 'picture' ? gl.LINEAR : gl.NEAREST],
        [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
        [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
      ] as const)
        gl.texParameteri(gl.TEXTURE_2D, key, value)
      gl.uniform1i(this.#uniform(name), units[name])
    }
    // Integer samplers want complete textures even where a uniform says that they are not looked at.
    for (const name of ['owners', 'onion'] as const) this.#allocateMap(name, 1, 1)
    this.#allocateFocus(1, 1)
    this.setColors(new Uint8Array(4 * colorsWidth))
  }

  setPicture(image: TexImageSource): void {
    const gl = this.#gl
    this.#bind('picture')
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image)
  }

  /** `columns` null: nothing changed since the last call with this map. */
  setMap(name: 'owners' | 'onion', map: MaskMap, columns: ColumnRange | null): void {
    const gl = this.#gl
    this.#bind(name)
    const fresh = this.#allocateMap(name, map.height, map.width)
    const range = fresh ? { from: 0, to: map.width } : columns
    if (!range) return
    const part = map.slots.subarray(range.from * map.height, range.to * map.height)
    const rows = range.to - range.from
    gl.texSubImage2D(
      gl.TEXTURE_2D,
      0,
      0,
      range.from,
      map.height,
      rows,
      gl.RED_INTEGER,
      gl.UNSIGNED_SHORT,
      part,
    )
  }

  /** `box` null: the whole bitmap. */
  setFocus(bitmap: Bitmap, box: Box | null): void {
    const gl = this.#gl
    this.#bind('focus')
    const fresh = this.#allocateFocus(bitmap.width, bitmap.height)
    const [x, y, width, height] = (!fresh && box) || [0, 0, bitmap.width, bitmap.height]
    // The box is taken out of the bitmap where it lies: a stroke asks for it with every movement.
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, bitmap.width)
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, x)
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, y)
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RED, gl.UNSIGNED_BYTE, bitmap.data)
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0)
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, 0)
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, 0)
  }

  /** Four bytes a slot; the length is a multiple of 1024. */
  setColors(rgba: Uint8Array): void {
    const gl = this.#gl
    this.#bind('colors')
    const rows = rgba.length / (4 * colorsWidth)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8UI, colorsWidth, rows, 0, gl.RGBA_INTEGER, gl.UNSIGNED_BYTE, rgba)
  }

  /** `part`, in CSS pixels of the viewport: only there anything has changed since the last drawing; null: anywhere. */
  draw(scene: Scene, part: Box | null): void {
    const gl = this.#gl
    const { pixelRatio } = scene.viewport
    const width = Math.round(scene.viewport.width * pixelRatio)
    const height = Math.round(scene.viewport.height * pixelRatio)
    gl.viewport(0, 0, width, height)
    this.#bind('picture')
    const filter = scene.zoom * pixelRatio >= 2 ? gl.NEAREST : gl.LINEAR
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter)
    gl.uniform2f(this.#uniform('viewport'), width, height)
    gl.uniform2f(this.#uniform('pan'), scene.panX * pixelRatio, scene.panY * pixelRatio)
    gl.uniform1f(this.#uniform('zoom'), scene.zoom * pixelRatio)
    gl.uniform1f(this.#uniform('pixelRatio'), pixelRatio)
    gl.uniform2i(this.#uniform('size'), scene.size.width, scene.size.height)
    gl.uniform1i(this.#uniform('rotation'), scene.rotation / 90)
    gl.uniform1i(this.#uniform('hasPicture'), Number(scene.hasPicture))
    gl.uniform1f(this.#uniform('brightness'), scene.brightness)
    gl.uniform1f(this.#uniform('contrast'), scene.contrast)
    gl.uniform1f(this.#uniform('opacity'), scene.opacity)
    gl.uniform1i(this.#uniform('maskStyle'), { hidden: 0, fill: 1, outline: 2 }[scene.maskStyle])
    gl.uniform1i(this.#uniform('patterns'), Number(scene.patterns))
    gl.uniform1i(this.#uniform('hasFocus'), Number(scene.focus !== null))
    gl.uniform1i(this.#uniform('focusIsDraft'), Number(scene.focus?.isDraft ?? false))
    gl.uniform4ui(this.#uniform('focusColor'), ...(scene.focus?.color ?? ([0, 0, 0, 0] as const)))
    gl.uniform1i(this.#uniform('hasOnion'), Number(scene.hasOnion))
    gl.uniform1i(this.#uniform('pixelGrid'), Number(scene.pixelGrid))
    this.#limitTo(part, pixelRatio, height)
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
  }

  #limitTo(part: Box | null, pixelRatio: number, height: number): void {
    const gl = this.#gl
    if (!part) {
      gl.disable(gl.SCISSOR_TEST)
      return
    }
    const [x, y, partWidth, partHeight] = part
    const left = Math.floor(x * pixelRatio)
    const top = Math.floor(y * pixelRatio)
    const right = Math.ceil((x + partWidth) * pixelRatio)
    const bottom = Math.ceil((y + partHeight) * pixelRatio)
    gl.enable(gl.SCISSOR_TEST)
    // Rows count from the bottom here.
    gl.scissor(left, height - bottom, Math.max(0, right - left), Math.max(0, bottom - top))
  }

  dispose(): void {
    for (const texture of Object.values(this.#textures)) this.#gl.deleteTexture(texture)
    this.#gl.deleteProgram(this.#program)
  }

  #bind(name: TextureName): void {
    this.#gl.activeTexture(this.#gl.TEXTURE0 + units[name])
    this.#gl.bindTexture(this.#gl.TEXTURE_2D, this.#textures[name])
  }

  #uniform(name: string): WebGLUniformLocation | null {
    let location = this.#uniforms.get(name)
    if (location === undefined) {
      location = this.#gl.getUniformLocation(this.#program, name)
      this.#uniforms.set(name, location)
    }
    return location
  }

  /** Whether the texture had to be made anew. */
  #allocateMap(name: 'owners' | 'onion', width: number, height: number): boolean {
    if (!this.#resizes(name, width, height)) return false
    const gl = this.#gl
    this.#bind(name)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16UI, width, height, 0, gl.RED_INTEGER, gl.UNSIGNED_SHORT, null)
    return true
  }

  #allocateFocus(width: number, height: number): boolean {
    if (!this.#resizes('focus', width, height)) return false
    const gl = this.#gl
    this.#bind('focus')
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, null)
    return true
  }

  #resizes(name: TextureName, width: number, height: number): boolean {
    const size = `${width}x${height}`
    if (this.#sizes.get(name) === size) return false
    this.#sizes.set(name, size)
    return true
  }
}

function linkedProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type)
    if (!shader)
      throw new UserError('no-webgl', 'The picture cannot be drawn: the graphics context was lost.')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
      throw new Error(`Shader: ${gl.getShaderInfoLog(shader)}`)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`Shader program: ${gl.getProgramInfoLog(program)}`)
  return program
}
