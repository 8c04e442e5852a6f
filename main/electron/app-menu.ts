import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * The app draws its own menus and owns its shortcuts, so the system's menu holds only what a system expects there:
 * on macOS the app menu and text editing, elsewhere nothing. Developer tools exist only where `developing`.
 */
export function setAppMenu(developing: boolean): void {
  const template: MenuItemConstructorOptions[] = []
  if (process.platform === 'darwin') template.push({ role: 'appMenu' }, { role: 'windowMenu' })
  if (developing)
    template.push({ label: 'Develop', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }] })
  Menu.setApplicationMenu(template.length > 0 ? Menu.buildFromTemplate(template) : null)
}
