import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** A field for a PIN or a password: hidden until one asks to see it, never filled in by the browser. */
export function PasswordField({
  kind,
  ...input
}: Omit<PasswordInputProps, 'autoComplete' | 'visibilityToggleButtonProps'> & { readonly kind: 'pin' | 'password' }) {
  const { t } = useTranslation()
  const show = kind === 'pin' ? t('pin.show') : t('password.show')
  return (
    <PasswordInput
      {...input}
      aria-invalid={Boolean(input.error)}
      autoComplete="off"
      maxLength={kind === 'pin' ? 255 : 200}
      visibilityToggleButtonProps={{ 'aria-label': show }}
    />
  )
}
