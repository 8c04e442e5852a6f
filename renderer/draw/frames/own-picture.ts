/**
 * The part of a decoded picture that is shown: `crop` cuts off what padding added on the right and below. Takes the picture over.
 */
export function croppedPicture(
  frame: VideoFrame,
  crop: { readonly width: number; readonly height: number } | null,
): VideoFrame {
  if (!crop || (frame.codedWidth === crop.width && frame.codedHeight === crop.height)) return frame
  const visibleRect = { x: 0, y: 0, width: crop.width, height: crop.height }
  const shown = new VideoFrame(frame, { visibleRect, displayWidth: crop.width, displayHeight: crop.height })
  frame.close()
  return shown
}

/**
 * A copy that may be kept, in place of a picture of a hardware decoder: those have few, and stall when some are held. Takes the
 * picture over.
 */
export async function ownPicture(frame: VideoFrame): Promise<VideoFrame | ImageBitmap> {
  const { format, timestamp, colorSpace, visibleRect, displayWidth, displayHeight } = frame
  try {
    if (!format || !visibleRect) return await createImageBitmap(frame)
    const bytes = new Uint8Array(frame.allocationSize())
    const layout = await frame.copyTo(bytes)
    const { width: codedWidth, height: codedHeight } = visibleRect
    return new VideoFrame(bytes, {
      ...{ format, timestamp, layout, codedWidth, codedHeight, displayWidth, displayHeight },
      colorSpace: colorSpace.toJSON(),
    })
  } finally {
    frame.close()
  }
}
