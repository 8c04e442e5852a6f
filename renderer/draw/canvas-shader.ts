/** The whole picture in one pass: frame, masks, onion skin, pixel grid. A fragment finds its place on the picture itself. */

export const vertexShader = `#version 300 es
void main() {
  // One triangle over the whole viewport, from the vertex's number alone.
  vec2 corner = vec2(float((gl_VertexID & 1) << 2), float((gl_VertexID & 2) << 1));
  gl_Position = vec4(corner - 1.0, 0.0, 1.0);
}
`

export const fragmentShader = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;

uniform sampler2D picture;
/** Columns of the picture are rows here: texel (y, x). */
uniform usampler2D owners;
uniform usampler2D onion;
/** The one mask that is selected or being drawn: texel (x, y), 0 where it is not, 1/255 or more where it is. */
uniform sampler2D focus;
/** A colour a slot: red, green, blue, and in alpha the pattern (bits 0 to 2) and the flags below. */
uniform usampler2D colors;

uniform vec2 viewport;      // device pixels
uniform vec2 pan;           // device pixels
uniform float zoom;         // device pixels a picture pixel
uniform float pixelRatio;
uniform ivec2 size;         // of the picture
uniform int rotation;       // quarter turns clockwise
uniform bool hasPicture;
uniform float brightness;
uniform float contrast;
uniform float opacity;
uniform int maskStyle;      // 0 hidden, 1 fill, 2 outline
uniform bool patterns;
uniform bool hasFocus;
uniform bool focusIsDraft;
uniform uvec4 focusColor;
uniform bool hasOnion;
uniform bool pixelGrid;

out vec4 result;

const uint selectedFlag = 8u;
const uint hoverFlag = 16u;
const uint beforeFocusFlag = 32u;
const uint proposedFlag = 64u;

uint ownerAt(usampler2D map, ivec2 at) {
  if (at.x < 0 || at.y < 0 || at.x >= size.x || at.y >= size.y) return 0u;
  return texelFetch(map, at.yx, 0).r;
}

uvec4 colorOf(uint slot) {
  return texelFetch(colors, ivec2(int(slot & 255u), int(slot >> 8u)), 0);
}

bool focusAt(ivec2 at) {
  if (at.x < 0 || at.y < 0 || at.x >= size.x || at.y >= size.y) return false;
  return texelFetch(focus, at, 0).r > 0.0;
}

/** The slot a person sees here; 65535 is the focused mask. */
uint shownAt(ivec2 at) {
  uint slot = maskStyle == 0 ? 0u : ownerAt(owners, at);
  if (!hasFocus || !focusAt(at)) return slot;
  if (slot != 0u && (colorOf(slot).a & beforeFocusFlag) != 0u) return slot;
  return 65535u;
}

vec2 turned(vec2 uv) {
  if (rotation == 1) return vec2(uv.y, 1.0 - uv.x);
  if (rotation == 2) return 1.0 - uv;
  if (rotation == 3) return vec2(1.0 - uv.y, uv.x);
  return uv;
}

/** 1 on a pattern's lines. Anchored to the picture, in screen pixels, so that it neither swims nor shrinks. */
float patternAt(uint pattern, vec2 at) {
  float period = 9.0 * pixelRatio;
  vec2 p = mod(at, period) / period;
  float width = 0.28;
  if (pattern == 1u) return step(fract(p.x + p.y), width);
  if (pattern == 2u) return step(fract(p.x - p.y + 1.0), width);
  if (pattern == 3u) return step(p.y, width);
  if (pattern == 4u) return step(p.x, width);
  if (pattern == 5u) return step(distance(p, vec2(0.5)), 0.26);
  if (pattern == 6u) return max(step(fract(p.x + p.y), 0.2), step(fract(p.x - p.y + 1.0), 0.2));
  if (pattern == 7u) return max(step(p.x, 0.2), step(p.y, 0.2));
  return 1.0;
}

bool edgeOf(uint slot, vec2 at, float reach) {
  float r = reach * pixelRatio / zoom;
  return shownAt(ivec2(floor(at + vec2(r, 0.0)))) != slot || shownAt(ivec2(floor(at - vec2(r, 0.0)))) != slot ||
    shownAt(ivec2(floor(at + vec2(0.0, r)))) != slot || shownAt(ivec2(floor(at - vec2(0.0, r)))) != slot;
}

bool focusEdge(vec2 at, float reach) {
  float r = reach * pixelRatio / zoom;
  return !focusAt(ivec2(floor(at + vec2(r, 0.0)))) || !focusAt(ivec2(floor(at - vec2(r, 0.0)))) ||
    !focusAt(ivec2(floor(at + vec2(0.0, r)))) || !focusAt(ivec2(floor(at - vec2(0.0, r))));
}

/** Found and not accepted: thin hatching and a dashed outline, so that nobody takes it for a mask. */
vec3 withProposal(vec3 under, uint slot, vec3 color, vec2 at, vec2 fragment, bool selected) {
  float along = (fragment.x + fragment.y) / pixelRatio;
  if (edgeOf(slot, at, 1.5)) {
    bool dash = fract((fragment.x - fragment.y) / (10.0 * pixelRatio)) < 0.55;
    return dash ? (selected ? vec3(1.0) : color) : mix(under, vec3(0.0), 0.45);
  }
  if (maskStyle == 2) return under;
  return mix(under, color, fract(along / 8.0) < 0.2 ? 0.85 : 0.1);
}

vec3 withMask(vec3 under, uint slot, vec2 at, vec2 fragment) {
  uvec4 entry = slot == 65535u ? focusColor : colorOf(slot);
  vec3 color = vec3(entry.rgb) / 255.0;
  bool strong = slot == 65535u || (entry.a & (selectedFlag | hoverFlag)) != 0u;
  bool selected = slot == 65535u || (entry.a & selectedFlag) != 0u;
  vec3 shown = under;
  if ((entry.a & proposedFlag) != 0u && !(slot == 65535u && focusIsDraft)) return withProposal(under, slot, color, at, fragment, selected);
  if (maskStyle != 2 || (slot == 65535u && focusIsDraft)) {
    float line = patterns ? patternAt(entry.a & 7u, fragment) : 1.0;
    shown = mix(under, color, opacity * (line > 0.5 ? 1.0 : 0.68));
  }
  if (edgeOf(slot, at, selected ? 1.0 : (maskStyle == 2 ? 2.0 : 1.0))) return selected ? vec3(1.0) : mix(shown, color, strong ? 1.0 : 0.85);
  if (strong && edgeOf(slot, at, 3.0)) return color;
  return shown;
}

void main() {
  vec2 fragment = vec2(gl_FragCoord.x, viewport.y - gl_FragCoord.y) - pan;
  vec2 at = fragment / zoom;
  ivec2 pixel = ivec2(floor(at));
  if (pixel.x < 0 || pixel.y < 0 || pixel.x >= size.x || pixel.y >= size.y) {
    result = vec4(0.0);
    return;
  }
  vec3 color = vec3(0.13);
  if (hasPicture) {
    color = texture(picture, turned(at / vec2(size))).rgb;
    color = clamp((color - 0.5) * exp2(contrast * 2.0) + 0.5 + brightness * 0.5, 0.0, 1.0);
  }
  uint slot = shownAt(pixel);
  if (slot != 0u) color = withMask(color, slot, at, fragment);
  // What of the selected mask lies behind others is still outlined.
  if (hasFocus && slot != 65535u && focusAt(pixel) && focusEdge(at, 1.0)) color = mix(color, vec3(1.0), 0.8);
  if (hasOnion) {
    uint old = ownerAt(onion, pixel);
    if (old != 0u) {
      float r = 1.5 * pixelRatio / zoom;
      bool edge = ownerAt(onion, ivec2(floor(at + vec2(r, 0.0)))) != old || ownerAt(onion, ivec2(floor(at - vec2(r, 0.0)))) != old ||
        ownerAt(onion, ivec2(floor(at + vec2(0.0, r)))) != old || ownerAt(onion, ivec2(floor(at - vec2(0.0, r)))) != old;
      float dash = step(0.5, fract((fragment.x + fragment.y) / (8.0 * pixelRatio)));
      if (edge) color = mix(color, vec3(colorOf(old).rgb) / 255.0, 0.35 + 0.6 * dash);
    }
  }
  if (pixelGrid && zoom >= 10.0 * pixelRatio) {
    vec2 inside = fract(at) * zoom;
    if (inside.x < pixelRatio || inside.y < pixelRatio) color = mix(color, vec3(step(dot(color, vec3(0.333)), 0.5)), 0.16);
  }
  result = vec4(color, 1.0);
}
`
