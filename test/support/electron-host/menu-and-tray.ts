// Menu and Tray: what was set can be read and clicked by who drives the app.
import { existsSync } from 'node:fs';
import type { Menu as RealMenu, MenuItemConstructorOptions, Tray as RealTray } from 'electron';
import { app } from './app.ts';
import { needReady } from './life.ts';
import { createEmitter, createEvent, strictly } from './strict.ts';
import { serveCommand, system } from './system.ts';

interface Item {
  readonly label: string;
  readonly type: string;
  readonly isEnabled: boolean;
  readonly isChecked: boolean;
  readonly items: readonly Item[];
}
type Options = Pick<
  MenuItemConstructorOptions,
  'label' | 'role' | 'type' | 'click' | 'enabled' | 'visible' | 'checked' | 'submenu'
>;
const templates = new WeakMap<object, readonly Options[]>();

function createMenu(template: readonly Options[]): RealMenu {
  if (template.some(({ label, role, type }) => !label && !role && type !== 'separator')) {
    throw new TypeError('Invalid template for MenuItem: must have a label, role or type');
  }
  const menu = strictly<RealMenu>('Menu', { popup: () => undefined });
  templates.set(menu, template);
  return menu;
}
const visible = (menu: unknown): readonly Options[] =>
  (Array.isArray(menu) ? (menu as Options[]) : (templates.get(menu as object) ?? [])).filter(
    (item) => item.visible ?? true,
  );
/** "&&" is how a label says "&". */
const shownLabel = ({ label, role }: Options): string => (label ?? role ?? '').replace('&&', '&');
const describe = (menu: unknown): readonly Item[] =>
  visible(menu).map((item) => ({
    label: shownLabel(item),
    type: item.type ?? (item.submenu === undefined ? 'normal' : 'submenu'),
    isEnabled: item.enabled ?? true,
    isChecked: item.checked ?? false,
    items: item.submenu === undefined ? [] : describe(item.submenu),
  }));

function clickIn(menu: unknown, [label, ...rest]: readonly string[]): void {
  const item = visible(menu).find((candidate) => shownLabel(candidate) === label);
  if (!(item?.enabled ?? item !== undefined)) {
    throw new Error(`no enabled item '${label}' in ${JSON.stringify(describe(menu))}`);
  }
  if (rest.length > 0) clickIn(item?.submenu, rest);
  else if (item?.role === 'quit') app.quit();
  else item?.click?.(item as never, undefined, createEvent());
}

let applicationMenu: RealMenu | null = null;
export const Menu = strictly<typeof RealMenu>('Menu', {
  buildFromTemplate: createMenu as never,
  setApplicationMenu: (menu) => void (applicationMenu = menu),
  getApplicationMenu: () => applicationMenu,
});

let shown: { image: string; toolTip: string; menu: object | null } | null = null;
let emitter = createEmitter('Tray', '');

function checkImage(image: unknown): string {
  if (typeof image === 'string' && existsSync(image)) return image;
  throw new Error(`Failed to load image from path '${String(image)}'`);
}

/** A desktop without a tray shows none; the app is not told. */
function createTray(image: unknown): RealTray {
  needReady('Tray');
  const tray = { image: checkImage(image), toolTip: '', menu: null as object | null };
  const own = createEmitter('Tray', 'click right-click double-click mouse-enter mouse-leave');
  let isDestroyed = false;
  if (system.hasTray) [shown, emitter] = [tray, own];
  const members: Partial<RealTray> = {
    setImage: (given) => void (tray.image = checkImage(given)),
    setToolTip: (toolTip) => void (tray.toolTip = toolTip),
    setContextMenu: (menu) => void (tray.menu = menu),
    isDestroyed: () => isDestroyed,
    destroy: () => {
      isDestroyed = true;
      if (shown === tray) shown = null;
    },
  };
  return strictly<RealTray>('Tray', members, own, () => isDestroyed);
}

export const Tray = strictly<typeof RealTray>('Tray', {}, function Tray(image: unknown) {
  return createTray(image);
});

serveCommand('tray', () => shown && { ...shown, menu: null, items: describe(shown.menu) });
serveCommand('clickTray', () => shown && emitter.emit('click', createEvent()));
serveCommand('clickMenu', (labels: readonly string[]) => clickIn(shown?.menu, labels));
serveCommand('clickAppMenu', (labels: readonly string[]) => clickIn(applicationMenu, labels));
