import { TextButton } from '../parts/text-button.tsx'

/** What went wrong, with everything that is known of it, for whoever is asked for help. */
export function DetailsButton({ details }: { readonly details: object }) {
  return (
    <TextButton
      small
      look="plain"
      onPress={() => void navigator.clipboard.writeText(JSON.stringify(details, null, 2))}
    >
      Copy details
    </TextButton>
  )
}
