import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '../parts/icon-button.tsx'

/** Copies a text, and shows for a moment that it did. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      small
      label={copied ? 'Copied' : label}
      icon={copied ? Check : Copy}
      onPress={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    />
  )
}

const shownMs = 1500

/** An address that can be read and copied: the window itself never goes anywhere. */
export function Address({ label, url }: { readonly label: string; readonly url: string }) {
  return (
    <span className="address">
      <span className="cut selectable" title={url}>
        {url.replace(/^https?:\/\//, '')}
      </span>
      <CopyButton label={`Copy ${label}`} text={url} />
    </span>
  )
}
