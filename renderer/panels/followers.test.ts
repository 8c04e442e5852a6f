import { expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { Followers } from './followers.ts'

function followed() {
  const store = createStore(() => 0)
  const frames: (() => void)[] = []
  const followers = new Followers(store, (callback) => {
    frames.push(callback)
    return () => void frames.splice(frames.indexOf(callback), 1)
  })
  const frame = () => {
    for (const callback of frames.splice(0)) callback()
  }
  return { store, followers, frames, frame }
}

it('tells each follower once a frame, however often the state changed', () => {
  const { store, followers, frame } = followed()
  const seen: number[] = []
  followers.follow(() => seen.push(store.getState()))
  for (let value = 1; value <= 50; value++) store.setState(value)
  expect(seen).toEqual([])
  frame()
  expect(seen).toEqual([50])
  frame()
  expect(seen).toEqual([50])
  store.setState(51)
  frame()
  expect(seen).toEqual([50, 51])
})

it('tells nobody who has left, and asks for no frame when nobody follows', () => {
  const { store, followers, frames, frame } = followed()
  let told = 0
  const leave = followers.follow(() => told++)
  store.setState(1)
  leave()
  frame()
  store.setState(2)
  expect(frames).toEqual([])
  expect(told).toBe(0)
  followers.follow(() => told++)
  store.setState(3)
  frame()
  expect(told).toBe(1)
})
