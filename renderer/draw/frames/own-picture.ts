/**
 * A picture that may be kept, in place of one of the decoder's: those are few on some machines, which then stall. Made in the
 * worker as RGB, so that on the page's side showing it is a plain upload: measured on a machine without a graphics card, a
 * quarter of the time of uploading the decoder's own picture. `crop` cuts off what padding added on the right and below. Takes the
 * picture over.
 */
export async function ownPicture(
  frame: VideoFrame,
  crop: { readonly width: number; readonly height: number } | null,
): Promise<ImageBitmap> {
  try {
    return await (crop ? createImageBitmap(frame, 0, 0, crop.width, crop.height) : createImageBitmap(frame))
  } finally {
    frame.close()
  }
}
